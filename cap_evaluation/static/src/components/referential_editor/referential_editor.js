import {Component, markRaw, onWillStart, useEffect, useRef, useState} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {EditorPanel} from "./editor_panel";
import {EditorRow} from "./editor_row";
import {EditorTree} from "./editor_tree";
import {FormViewDialog} from "@web/views/view_dialogs/form_view_dialog";
import {Layout} from "@web/search/layout";
import {PreviewDialog} from "./preview_dialog";
import {RPCError} from "@web/core/network/rpc";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {useSortable} from "@web/core/utils/sortable_owl";

/** Rows drawn at first; the others are drawn on demand. */
export const ROWS = 400;
const STEP_KEYS = {
    ArrowUp: "up",
    ArrowDown: "down",
    ArrowRight: "in",
    ArrowLeft: "out",
};

/**
 * The content of an edition on one screen: its tree, and the node chosen.
 *
 * Every change is one call to the server, made with what was on screen; it answers with
 * the tree as it has become, or refuses with a sentence that is shown here.
 */
export class ReferentialEditor extends Component {
    static template = "cap_evaluation.ReferentialEditor";
    static components = {EditorPanel, EditorRow, Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.root = useRef("tree");
        this.nameInput = useRef("name");
        this.display = {controlPanel: {}};
        const {params = {}, context = {}} = this.props.action;
        this.versionId = params.version_id || context.active_id;
        const kept = this.props.state || {};
        // Plain: `state.turn` says that it changed, so that rows are made once a turn.
        this.unfolded = new Set(kept.unfolded || []);
        this.made = {};
        this.state = useState({
            tree: null,
            turn: 0,
            selectedId: kept.selectedId || false,
            search: kept.search || "",
            proposalsOnly: Boolean(kept.proposalsOnly),
            limit: ROWS,
            adding: null,
            undo: [],
            busy: false,
            refusal: "",
            note: "",
            said: "",
        });
        this.toFocus = null;
        useSetupAction({getLocalState: () => this.getLocalState()});
        onWillStart(() => this.start());
        useEffect(() => this.restoreFocus());
        useSortable({
            ref: this.root,
            elements: ".o_cap_node",
            handle: ".o_cap_handle",
            cursor: "grabbing",
            enable: () => this.tree.canEdit && !this.state.busy,
            onDrop: ({element, previous}) => this.onDrop(element, previous),
        });
    }

    async start() {
        await this.load();
        if (!this.unfolded.size) {
            this.unfold(this.tree.getChildIds(false));
        }
    }

    getLocalState() {
        const {selectedId, search, proposalsOnly} = this.state;
        return {unfolded: [...this.unfolded], selectedId, search, proposalsOnly};
    }

    async load() {
        this.setTree(
            await this.orm.call("cap.referential.version", "get_editor_tree", [
                [this.versionId],
            ])
        );
    }

    setTree(data) {
        this.state.tree = markRaw(new EditorTree(data));
        if (!this.tree.get(this.state.selectedId)) {
            this.state.selectedId = false;
        }
    }

    get tree() {
        return this.state.tree;
    }

    get selected() {
        return this.tree.get(this.state.selectedId);
    }

    get found() {
        return this.make().found;
    }

    get rows() {
        return this.make().rows;
    }

    /** Return what is looked for and the rows to show, made once for each change. */
    make() {
        const {tree, turn, search, proposalsOnly} = this.state;
        const key = [tree, turn, search, proposalsOnly];
        if (
            !this.made.key ||
            key.some((part, index) => part !== this.made.key[index])
        ) {
            const found = tree.search(search, proposalsOnly);
            this.made = {key, found, rows: tree.getRows(this.unfolded, found)};
        }
        return this.made;
    }

    get countText() {
        const {found} = this;
        if (found) {
            return _t("Found: %s", found.size);
        }
        const scored = this.tree.nodes.filter((node) => node.kind === "operational");
        return _t("Operational objectives: %(count)s. Proposals: %(proposals)s.", {
            count: scored.length,
            proposals: this.tree.proposalCount,
        });
    }

    // ------------------------------------------------------------------- fold, choose

    toggle(id) {
        if (!this.unfolded.delete(id)) {
            this.unfolded.add(id);
        }
        this.state.turn++;
    }

    unfold(ids) {
        ids.forEach((id) => this.unfolded.add(id));
        this.state.turn++;
    }

    foldAll() {
        this.unfolded.clear();
        this.state.turn++;
        this.state.limit = ROWS;
    }

    unfoldAll() {
        this.unfold([...this.tree.below.keys()].filter(Boolean));
    }

    showMore() {
        this.state.limit += ROWS;
    }

    select(id) {
        this.state.selectedId = id;
    }

    /** Choose `id`, unfold what holds it, and put the keyboard there. */
    reveal(id) {
        if (!this.tree.get(id)) {
            return;
        }
        const folded = this.tree
            .getAncestors(id)
            .map((node) => node.id)
            .filter((above) => !this.unfolded.has(above));
        if (folded.length) {
            this.unfold(folded);
        }
        this.state.selectedId = id;
        const rank = this.rows.findIndex((row) => row.node.id === id);
        this.state.limit = Math.max(this.state.limit, rank + 1);
    }

    focus(id) {
        this.toFocus = id;
        this.reveal(id);
    }

    restoreFocus() {
        const target =
            this.toFocus === "name"
                ? this.nameInput.el
                : this.toFocus &&
                  this.root.el?.querySelector(`[data-id="${this.toFocus}"]`);
        if (target) {
            target.focus();
            this.toFocus = null;
        }
    }

    /** The one row that the Tab key reaches. */
    isTabStop(row, index) {
        const {selectedId} = this.state;
        return row.node.id === selectedId || (!this.selected && index === 0);
    }

    getRow(element) {
        const id = Number(element.closest(".o_cap_node")?.dataset.id);
        return this.rows.find((row) => row.node.id === id);
    }

    onTreeClick(ev) {
        const row = this.getRow(ev.target);
        if (row?.holds && ev.target.closest(".o_cap_caret")) {
            this.toggle(row.node.id);
        } else if (row) {
            this.select(row.node.id);
        }
    }

    onTreeKeydown(ev) {
        if ((ev.ctrlKey || ev.metaKey) && ev.key === "z") {
            this.undo();
            ev.preventDefault();
            return;
        }
        const row = this.getRow(ev.target);
        if (!row) {
            return;
        }
        const handled =
            ev.altKey && STEP_KEYS[ev.key]
                ? this.onMoveKey(STEP_KEYS[ev.key], row)
                : this.onTreeKey(ev.key, row);
        if (handled) {
            ev.preventDefault();
            ev.stopPropagation();
        }
    }

    onMoveKey(direction, row) {
        this.select(row.node.id);
        this.moveStep(direction);
        return true;
    }

    onTreeKey(key, row) {
        const {rows} = this;
        const index = rows.indexOf(row);
        const go = (target) => target && this.focus(target.node.id);
        const actions = {
            ArrowDown: () => go(rows[index + 1]),
            ArrowUp: () => go(rows[index - 1]),
            Home: () => go(rows[0]),
            End: () => go(rows[Math.min(rows.length, this.state.limit) - 1]),
            ArrowRight: () =>
                row.holds && !row.open
                    ? this.toggle(row.node.id)
                    : row.open && go(rows[index + 1]),
            ArrowLeft: () =>
                row.open && !this.found
                    ? this.toggle(row.node.id)
                    : row.node.parent_id && this.focus(row.node.parent_id),
            Enter: () => this.select(row.node.id),
            " ": () => this.select(row.node.id),
            F2: () => this.tree.canEdit && this.edit(row.node.id),
        };
        actions[key]?.();
        return key in actions;
    }

    // ------------------------------------------------------------------------- changes

    /**
     * Ask one change of the server. A refusal is shown, with the tree as it now is.
     * @returns what the server answered, or null when it refused
     */
    async change(model, method, args) {
        if (this.state.busy) {
            return null;
        }
        this.state.busy = true;
        this.state.refusal = "";
        this.state.note = "";
        this.state.said = "";
        try {
            return await this.orm.call(model, method, args);
        } catch (error) {
            await this.refuse(error);
            return null;
        } finally {
            this.state.busy = false;
        }
    }

    async refuse(error) {
        const known =
            error instanceof RPCError &&
            error.exceptionName?.startsWith("odoo.exceptions.");
        if (!known) {
            throw error;
        }
        this.state.refusal = error.data?.message || error.message;
        // The tree is no longer the one that these steps came from.
        this.state.undo = [];
        await this.load();
    }

    changeNode(id, method, ...args) {
        return this.change("cap.objective", method, [[id], ...args]);
    }

    async move(id, place) {
        const seen = {
            parent_id: this.tree.get(id).parent_id,
            siblings: this.tree.getChildIds(place.parentId),
        };
        const {parentId, afterId} = place;
        const before = this.tree.getPlace(id);
        const data = await this.changeNode(id, "action_move", parentId, afterId, seen);
        if (data) {
            this.canUndo(_t("Put %s back where it was", this.tree.get(id).code), () =>
                this.move(id, before)
            );
            this.setTree(data);
            this.focus(id);
            const parent = this.tree.get(parentId);
            this.state.said = parent
                ? _t("%(code)s is now in %(parent)s, with the same code.", {
                      code: this.selected.code,
                      parent: parent.code,
                  })
                : _t("%s has moved, with the same code.", this.selected.code);
        }
    }

    async moveStep(direction) {
        const place = this.selected && this.tree.getStep(this.selected.id, direction);
        if (place && this.tree.canEdit) {
            await this.move(this.selected.id, place);
        }
    }

    async onDrop(element, previous) {
        const id = Number(element.dataset.id);
        const previousId = previous ? Number(previous.dataset.id) : false;
        const isInside =
            previousId &&
            this.tree.getAncestors(previousId).some((node) => node.id === id);
        if (isInside) {
            return;
        }
        const place = this.tree.getDropPlace(id, previousId);
        if (place) {
            await this.move(id, place);
        } else {
            const {kind, code} = this.tree.get(id);
            this.state.refusal = _t(
                "%(code)s (%(kind)s) cannot go there. %(grammar)s",
                {
                    code,
                    kind: this.tree.kinds[kind],
                    grammar: this.tree.grammar,
                }
            );
        }
    }

    // ----------------------------------------------------------------------------- undo

    /** Remember how to take back what was just done, unless it is itself an undoing. */
    canUndo(label, run) {
        if (!this.undoing) {
            this.state.undo.push(markRaw({label, run}));
        }
    }

    /** Take the last change back. Editing and deleting cannot be taken back. */
    async undo() {
        if (this.state.busy || !this.state.undo.length) {
            return;
        }
        const {run} = this.state.undo.pop();
        this.undoing = true;
        try {
            await run();
        } finally {
            this.undoing = false;
        }
    }

    canUndoAdding(id) {
        const {code} = this.tree.get(id);
        const ids = this.tree.getBranchIds(id);
        this.canUndo(_t("Take %s away again", code), () => this.delete(id, ids));
    }

    // --------------------------------------------------------------------------- adding

    startAdding(id) {
        const node = this.tree.get(id);
        const parentId = node?.kind === "operational" ? node.parent_id : id;
        const kinds = this.tree.getKindsBelow(parentId);
        const parent = this.tree.get(parentId);
        this.state.adding = {
            parentId,
            kinds,
            kind: kinds[0],
            code: parent ? parent.next_code : this.tree.nextCode,
            name: "",
            place: parent
                ? _t("Add below %s", parent.code)
                : _t("Add a theme at the end"),
        };
        this.toFocus = "name";
    }

    stopAdding() {
        this.toFocus = this.state.selectedId;
        this.state.adding = null;
    }

    async add() {
        const {parentId, kind, code, name} = this.state.adding;
        const answer = await this.change(
            "cap.referential.version",
            "action_add_objective",
            [
                [this.versionId],
                {parent_id: parentId, kind, code: code.trim(), name: name.trim()},
                this.tree.getChildIds(parentId),
            ]
        );
        if (answer) {
            this.setTree(answer.tree);
            this.canUndoAdding(answer.id);
            this.reveal(answer.id);
            this.state.said = _t("%s is added.", code);
            this.startAdding(parentId);
        }
    }

    // ---------------------------------------------------------------- one node's actions

    async duplicate(id) {
        const answer = await this.changeNode(id, "action_duplicate");
        if (answer) {
            this.setTree(answer.tree);
            this.canUndoAdding(answer.id);
            this.focus(answer.id);
            this.state.said = _t("The copy is %s.", this.selected.code);
            this.state.note = answer.told;
        }
    }

    async askDeletion(id) {
        const notice = await this.changeNode(id, "get_deletion_notice");
        if (!notice) {
            return;
        }
        const {code, name} = this.tree.get(id);
        const lines = notice.told.length
            ? [_t("Deleted with it:"), ...notice.told.map((line) => `• ${line}`)]
            : [];
        this.dialog.add(ConfirmationDialog, {
            title: _t("Delete %s?", code),
            body: [name, ...lines, _t("This cannot be undone.")].join("\n"),
            confirmLabel: _t("Delete"),
            confirm: () => this.delete(id, notice.ids),
            cancelLabel: _t("Keep"),
            cancel: () => this.focus(id),
        });
    }

    async delete(id, ids) {
        const {code, parent_id: parentId} = this.tree.get(id);
        const data = await this.changeNode(id, "action_delete", ids);
        if (data) {
            if (!this.undoing) {
                this.state.undo = [];
            }
            this.setTree(data);
            if (parentId) {
                this.focus(parentId);
            }
            this.state.said = _t("%s is deleted.", code);
        }
    }

    async edit(id) {
        const token = await this.changeNode(id, "get_editor_token");
        if (!token) {
            return;
        }
        if (token !== this.tree.get(id).token) {
            await this.load();
        }
        this.dialog.add(
            FormViewDialog,
            {
                resModel: "cap.objective",
                resId: id,
                title: _t("Edit %s", this.tree.get(id).code),
                context: {cap_editor_token: token},
                canExpand: false,
                onRecordSaved: async () => {
                    await this.load();
                    this.state.undo = [];
                    this.state.said = _t("Saved.");
                },
            },
            {onClose: () => this.focus(id)}
        );
    }

    preview(id) {
        this.dialog.add(PreviewDialog, {
            title: _t("%s, as the pilot sees it", this.tree.get(id).code),
            url: `/cap/preview/${id}`,
        });
    }
}

registry.category("actions").add("cap_referential_editor", ReferentialEditor);
