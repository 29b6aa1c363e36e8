import {normalize} from "@web/core/l10n/utils/normalize";

/**
 * The tree of an edition as the server gave it: what is where, what may go where (the
 * kinds come from the top of the tree to what is scored).
 * Knows nothing of the screen; every place is `{parentId, afterId}` (`afterId` false:
 * the first one; `parentId` false: a theme).
 */
export class EditorTree {
    constructor(data) {
        Object.assign(this, {
            id: data.id,
            name: data.name,
            state: data.state,
            canEdit: data.can_edit,
            kinds: data.kinds,
            parentKinds: data.parent_kinds,
            grammar: data.grammar,
            nextCode: data.next_code,
            nodes: data.nodes,
        });
        this.byId = new Map(data.nodes.map((node) => [node.id, node]));
        this.below = new Map();
        for (const node of data.nodes) {
            if (!this.below.has(node.parent_id)) {
                this.below.set(node.parent_id, []);
            }
            this.below.get(node.parent_id).push(node);
        }
    }

    get(id) {
        return this.byId.get(id);
    }

    getChildren(id) {
        return this.below.get(id) || [];
    }

    getChildIds(id) {
        return this.getChildren(id).map((node) => node.id);
    }

    /** From the parent of `id` up to its theme. */
    getAncestors(id) {
        const found = [];
        let node = this.get(this.get(id)?.parent_id);
        while (node) {
            found.push(node);
            node = this.get(node.parent_id);
        }
        return found;
    }

    /** From `id` down to all that it holds. */
    getBranchIds(id) {
        return [
            id,
            ...this.getChildren(id).flatMap((node) => this.getBranchIds(node.id)),
        ];
    }

    /** Where `id` is. */
    getPlace(id) {
        const {parent_id: parentId} = this.get(id);
        const siblings = this.getChildIds(parentId);
        return {parentId, afterId: siblings[siblings.indexOf(id) - 1] || false};
    }

    get proposalCount() {
        return this.nodes.filter((node) => !node.confirmed).length;
    }

    // ------------------------------------------------------------------ what is shown

    /** Return the ids found, or null when nothing is looked for. */
    search(text, proposalsOnly = false) {
        const words = normalize(text || "")
            .split(/\s+/)
            .filter(Boolean);
        if (!words.length && !proposalsOnly) {
            return null;
        }
        const found = this.nodes.filter(
            (node) =>
                (!proposalsOnly || !node.confirmed) &&
                (!words.length || this._isMatch(node, words))
        );
        return new Set(found.map((node) => node.id));
    }

    _isMatch(node, words) {
        const code = normalize(node.code);
        node.searched ??= normalize(
            [
                node.name,
                node.guidance || "",
                node.footnote || "",
                ...node.indicators.map((indicator) => indicator[1]),
                ...node.offers.map((offer) => offer[2]),
            ].join("\n")
        );
        return words.every(
            (word) => code.startsWith(word) || node.searched.includes(word)
        );
    }

    /**
     * Return the rows to show, in reading order.
     * @param {Set} unfolded ids of the nodes whose children show
     * @param {Set|null} found what is looked for: it shows with what holds it, only
     */
    getRows(unfolded, found = null) {
        const shown = found && this._withAncestors(found);
        const rows = [];
        const add = (parentId, level) => {
            const children = this.getChildren(parentId).filter(
                (node) => !shown || shown.has(node.id)
            );
            children.forEach((node, index) => {
                const below = this.getChildren(node.id);
                const open = shown
                    ? below.some((child) => shown.has(child.id))
                    : below.length > 0 && unfolded.has(node.id);
                rows.push({
                    node,
                    level,
                    open,
                    position: index + 1,
                    size: children.length,
                    holds: below.length > 0,
                    found: Boolean(found?.has(node.id)),
                });
                if (open) {
                    add(node.id, level + 1);
                }
            });
        };
        add(false, 1);
        return rows;
    }

    _withAncestors(ids) {
        const shown = new Set(ids);
        for (const id of ids) {
            this.getAncestors(id).forEach((node) => shown.add(node.id));
        }
        return shown;
    }

    // ----------------------------------------------------------------- what may go where

    canHold(parentId, kind) {
        const above = this.parentKinds[kind];
        return parentId ? above.includes(this.get(parentId).kind) : !above.length;
    }

    /** Kinds that may go below `parentId`, the usual one there first. */
    getKindsBelow(parentId) {
        const kinds = Object.keys(this.kinds).filter((kind) =>
            this.canHold(parentId, kind)
        );
        const usual = this.getChildren(parentId).at(-1)?.kind;
        return kinds.sort((a, b) => (b === usual) - (a === usual));
    }

    /**
     * Return where `id` goes when it is dropped right after the row `previousId`
     * (false: first of all); null where its kind may not go.
     */
    getDropPlace(id, previousId) {
        const {kind} = this.get(id);
        const path = previousId
            ? [this.get(previousId), ...this.getAncestors(previousId)]
            : [];
        if (path.some((node) => node.id === id)) {
            return null;
        }
        let afterId = false;
        for (const node of path) {
            if (this.canHold(node.id, kind)) {
                return {parentId: node.id, afterId};
            }
            afterId = node.id;
        }
        return this.canHold(false, kind) ? {parentId: false, afterId} : null;
    }

    /** Return where `id` goes "up", "down", "in" or "out"; null when it cannot. */
    getStep(id, direction) {
        const node = this.get(id);
        const siblings = this.getChildren(node.parent_id);
        const index = siblings.indexOf(node);
        return {
            up: () => this._stepUp(node, siblings, index),
            down: () => this._stepDown(node, siblings, index),
            in: () => this._stepIn(node, siblings[index - 1]),
            out: () => this._stepOut(node),
        }[direction]();
    }

    _stepUp(node, siblings, index) {
        if (index > 0) {
            const afterId = index > 1 ? siblings[index - 2].id : false;
            return {parentId: node.parent_id, afterId};
        }
        const parent = this._getNeighbour(node.parent_id, -1);
        return (
            parent && {
                parentId: parent.id,
                afterId: this.getChildren(parent.id).at(-1)?.id || false,
            }
        );
    }

    _stepDown(node, siblings, index) {
        if (index < siblings.length - 1) {
            return {parentId: node.parent_id, afterId: siblings[index + 1].id};
        }
        const parent = this._getNeighbour(node.parent_id, 1);
        return parent && {parentId: parent.id, afterId: false};
    }

    _stepIn(node, previous) {
        if (!previous || !this.canHold(previous.id, node.kind)) {
            return null;
        }
        return {
            parentId: previous.id,
            afterId: this.getChildren(previous.id).at(-1)?.id || false,
        };
    }

    _stepOut(node) {
        const parent = this.get(node.parent_id);
        if (!parent || !this.canHold(parent.parent_id, node.kind)) {
            return null;
        }
        return {parentId: parent.parent_id, afterId: parent.id};
    }

    /** The node of the same kind before (-1) or after (1) `id` in reading order. */
    _getNeighbour(id, step) {
        const node = this.get(id);
        if (!node) {
            return null;
        }
        const same = this.nodes.filter((other) => other.kind === node.kind);
        return same[same.indexOf(node) + step] || null;
    }
}
