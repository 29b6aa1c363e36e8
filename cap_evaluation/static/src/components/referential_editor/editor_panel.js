import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/views/fields/formatters";

/** All that one node of the tree says, and what can be done with it. */
export class EditorPanel extends Component {
    static template = "cap_evaluation.EditorPanel";
    static props = {
        node: Object,
        tree: Object,
        busy: Boolean,
        adding: Boolean,
        onAdd: Function,
        onDelete: Function,
        onDuplicate: Function,
        onEdit: Function,
        onMove: Function,
        onPreview: Function,
    };

    get steps() {
        const {tree, node} = this.props;
        return [
            ["up", _t("Move up"), "fa-arrow-up"],
            ["down", _t("Move down"), "fa-arrow-down"],
            ["in", _t("Move into the one above"), "fa-arrow-right"],
            ["out", _t("Move out"), "fa-arrow-left"],
        ].map(([direction, label, icon]) => ({
            direction,
            label,
            icon,
            enabled: Boolean(tree.getStep(node.id, direction)),
        }));
    }

    get addLabel() {
        return this.props.node.kind === "operational"
            ? _t("Add beside")
            : _t("Add below");
    }

    get path() {
        return this.props.tree.getAncestors(this.props.node.id).reverse();
    }

    /** The weight in words. */
    get weight() {
        const {weight} = this.props.node;
        if (weight === 1) {
            return "";
        }
        if (weight === 2) {
            return _t("Counts double in the scores.");
        }
        return _t("Counts %s times in the scores.", formatFloat(weight));
    }

    get types() {
        const names = this.props.node.types.map((type) => type[1]).join(", ");
        return names ? _t("Only for: %s", names) : _t("For every structure.");
    }

    get source() {
        const {source} = this.props.node;
        return source ? _t("Source: %s", source) : _t("No source: it is a proposal.");
    }

    get gate() {
        return _t("A recognition may ask level %s here.", this.props.node.gate_level);
    }
}
