import {Component} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";

/** The portal's own page of one objective, in a frame. */
export class PreviewDialog extends Component {
    static template = "cap_evaluation.PreviewDialog";
    static components = {Dialog};
    static props = {close: Function, title: String, url: String};
}
