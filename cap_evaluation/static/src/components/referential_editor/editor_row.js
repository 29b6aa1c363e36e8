import {Component} from "@odoo/owl";

/**
 * One line of the tree. It holds nothing and is drawn again only when what it shows
 * changes: of thousands of lines, choosing one draws two. The tree hears the mouse and
 * the keyboard for all of them.
 */
export class EditorRow extends Component {
    static template = "cap_evaluation.EditorRow";
    static props = {
        node: Object,
        level: Number,
        position: Number,
        size: Number,
        holds: Boolean,
        open: Boolean,
        found: Boolean,
        selected: Boolean,
        tabStop: Boolean,
        canEdit: Boolean,
    };

    get className() {
        const {node, selected, found} = this.props;
        return {
            [`o_cap_${node.kind}`]: true,
            o_cap_selected: selected,
            o_cap_found: found,
        };
    }

    /** Absent where there is nothing to open. */
    get expanded() {
        const {holds, open} = this.props;
        return holds && String(open);
    }

    get types() {
        return this.props.node.types.map((type) => type[1]).join(", ");
    }
}
