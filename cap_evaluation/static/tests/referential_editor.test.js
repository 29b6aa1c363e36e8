import {onWillRender} from "@odoo/owl";
import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {animationFrame, click, press, queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {
    contains,
    getService,
    makeServerError,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {EditorRow} from "@cap_evaluation/components/referential_editor/editor_row";
import {EditorTree} from "@cap_evaluation/components/referential_editor/editor_tree";
import {ROWS} from "@cap_evaluation/components/referential_editor/referential_editor";
import {WebClient} from "@web/webclient/webclient";
import {defineMailModels} from "@mail/../tests/mail_test_helpers";

defineMailModels();
describe.current.tags("desktop");

const KINDS = {
    theme: "Theme",
    subtheme: "Sub-theme",
    general: "General objective",
    operational: "Operational objective",
};
const PARENT_KINDS = {
    theme: [],
    subtheme: ["theme"],
    general: ["subtheme"],
    operational: ["subtheme", "general"],
};
const LEVELS = Object.keys(KINDS);

function makeNode(id, parentId, code, name, values = {}) {
    return {
        id,
        parent_id: parentId,
        kind: LEVELS[code.split(".").length - 1],
        code,
        name,
        guidance: false,
        footnote: false,
        weight: 1,
        is_gate: false,
        gate_level: 0,
        confirmed: true,
        source: "CAP 2026",
        types: [],
        offers: [],
        indicators: [],
        token: `token-${id}`,
        next_code: `${code}.9`,
        ...values,
    };
}

function makeTree(values = {}) {
    return {
        id: 7,
        name: "CAP 2026",
        state: "draft",
        can_edit: true,
        kinds: KINDS,
        parent_kinds: PARENT_KINDS,
        grammar: "A theme holds sub-themes.",
        next_code: "3",
        nodes: [
            makeNode(1, false, "1", "Identité"),
            makeNode(2, 1, "1.1", "Valeurs"),
            makeNode(3, 2, "1.1.1", "Gouvernance"),
            makeNode(4, 3, "1.1.1.1", "Décisions connues", {confirmed: false}),
            makeNode(5, 3, "1.1.1.2", "Chacun participe", {
                weight: 2,
                indicators: [[1, "Comptes rendus", ""]],
            }),
            makeNode(6, 2, "1.1.2", "Projet"),
            makeNode(7, 6, "1.1.2.1", "Le projet est écrit"),
            makeNode(8, false, "2", "Services"),
        ],
        ...values,
    };
}

let calls = [];
let tree = null;

beforeEach(() => {
    calls = [];
    tree = makeTree();
    onRpc("cap.referential.version", "get_editor_tree", () => {
        calls.push("get_editor_tree");
        return tree;
    });
});

async function mountEditor() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "cap_referential_editor",
        name: "Content",
        context: {active_id: 7},
    });
    await animationFrame();
}

const codes = () => queryAllTexts(".o_cap_node .o_cap_code");
const choose = (code) => click(`.o_cap_node[data-code="${code}"]`);

async function unfoldAll() {
    await click("[data-do=unfold]");
    await animationFrame();
}

// ------------------------------------------------------------------------ the screen

test("themes are unfolded first; fold and unfold one, then all", async () => {
    await mountEditor();
    expect(codes()).toEqual(["1", "1.1", "2"]);
    await click(".o_cap_node[data-code='1.1'] .o_cap_caret");
    await animationFrame();
    expect(codes()).toEqual(["1", "1.1", "1.1.1", "1.1.2", "2"]);
    expect(".o_cap_node[data-code='1.1']").toHaveAttribute("aria-expanded", "true");
    await unfoldAll();
    expect(codes()).toHaveLength(8);
    await click("[data-do=fold]");
    await animationFrame();
    expect(codes()).toEqual(["1", "2"]);
    expect(calls).toEqual(["get_editor_tree"]);
});

test("search keeps what holds the found lines in sight", async () => {
    await mountEditor();
    await contains(".o_cap_search").edit("DECISIONS", {instantly: true});
    expect(codes()).toEqual(["1", "1.1", "1.1.1", "1.1.1.1"]);
    expect(queryAllTexts(".o_cap_found .o_cap_code")).toEqual(["1.1.1.1"]);
    expect(".o_cap_count").toHaveText("Found: 1");
    await contains(".o_cap_search").edit("1.1.2", {instantly: true});
    expect(codes()).toEqual(["1", "1.1", "1.1.2", "1.1.2.1"]);
    await contains(".o_cap_search").edit("comptes", {instantly: true});
    expect(codes().at(-1)).toBe("1.1.1.2");
    await contains(".o_cap_search").edit("zzz", {instantly: true});
    expect(codes()).toEqual([]);
    expect(".o_cap_empty").toHaveText(/Nothing found/);
});

test("proposals are marked, and can be looked at alone", async () => {
    await mountEditor();
    await click(".o_cap_toggle input");
    await animationFrame();
    expect(codes().at(-1)).toBe("1.1.1.1");
    expect(".o_cap_node[data-code='1.1.1.1'] .o_cap_flag_proposal").toHaveCount(1);
    expect(".o_cap_flag_proposal").toHaveCount(1);
});

test("the panel says all of the chosen line, weight in words", async () => {
    await mountEditor();
    await unfoldAll();
    await choose("1.1.1.2");
    await animationFrame();
    expect(".o_cap_panel h2").toHaveText("1.1.1.2 Chacun participe");
    expect(".o_cap_panel").toHaveText(/Counts double in the scores/);
    expect(".o_cap_panel").toHaveText(/Comptes rendus/);
});

test("arrows walk and fold the tree; one line only is a tab stop", async () => {
    await mountEditor();
    queryOne(".o_cap_node[data-code='1']").focus();
    await press("ArrowDown");
    await animationFrame();
    expect(".o_cap_node[data-code='1.1']").toBeFocused();
    await press("ArrowRight");
    await animationFrame();
    expect(codes()).toEqual(["1", "1.1", "1.1.1", "1.1.2", "2"]);
    await press("ArrowRight");
    await animationFrame();
    expect(".o_cap_node[data-code='1.1.1']").toBeFocused();
    await press("ArrowLeft");
    await animationFrame();
    expect(".o_cap_node[data-code='1.1']").toBeFocused();
    expect(".o_cap_node[tabindex='0']").toHaveCount(1);
    expect(".o_cap_node[data-code='1.1']").toHaveAttribute("aria-level", "2");
});

test("only what opens says whether it is open", async () => {
    await mountEditor();
    await unfoldAll();
    expect(".o_cap_node[data-code='1']").toHaveAttribute("aria-expanded", "true");
    expect(".o_cap_node[data-code='1.1.1.1']").not.toHaveAttribute("aria-expanded");
});

test("choosing one line of thousands draws two", async () => {
    for (let id = 100; id < 2100; id++) {
        tree.nodes.push(makeNode(id, false, `${id}`, `Theme ${id}`));
    }
    let drawn = 0;
    patchWithCleanup(EditorRow.prototype, {
        setup() {
            super.setup();
            onWillRender(() => drawn++);
        },
    });
    await mountEditor();
    await click("[data-do=more]");
    await animationFrame();
    expect(drawn).toBe(2 * ROWS);
    drawn = 0;
    await choose("1.1");
    await animationFrame();
    // the one chosen, and the first one, where the Tab key led
    expect(drawn).toBe(2);
    await press("ArrowDown");
    await animationFrame();
    expect(drawn).toBe(4);
});

test("a long tree is drawn bit by bit", async () => {
    for (let id = 100; id < 2100; id++) {
        tree.nodes.push(makeNode(id, false, `${id}`, `Theme ${id}`));
    }
    await mountEditor();
    expect(".o_cap_node").toHaveCount(ROWS);
    await click("[data-do=more]");
    await animationFrame();
    expect(".o_cap_node").toHaveCount(2 * ROWS);
});

test("an empty edition says how to begin", async () => {
    tree.nodes = [];
    await mountEditor();
    expect(".o_cap_empty h2").toHaveText("This edition is empty");
    expect("[data-do=add-theme]").toHaveCount(1);
});

test("a published edition is only read", async () => {
    tree = makeTree({state: "published", can_edit: false});
    await mountEditor();
    await choose("1.1");
    await animationFrame();
    expect(".o_cap_note").toHaveText(/no longer changes/);
    expect(".o_cap_handle").toHaveCount(0);
    expect("[data-do=edit], [data-do=add], [data-do=delete]").toHaveCount(0);
    expect("[data-step]").toHaveCount(0);
    expect("[data-do=preview]").toHaveCount(1);
});

// ------------------------------------------------------------------------ the changes

test("a move sends what was on screen and shows the new tree", async () => {
    onRpc("cap.objective", "action_move", ({args}) => {
        calls.push(args);
        const nodes = makeTree().nodes;
        [nodes[3], nodes[4]] = [nodes[4], nodes[3]];
        return makeTree({nodes});
    });
    await mountEditor();
    await unfoldAll();
    await choose("1.1.1.2");
    await animationFrame();
    expect("[data-step=down]").toBeEnabled();
    expect("[data-step=in]").not.toBeEnabled();
    await click("[data-step=up]");
    await animationFrame();
    expect(calls[1]).toEqual([[5], 3, false, {parent_id: 3, siblings: [4, 5]}]);
    expect(codes().slice(3, 5)).toEqual(["1.1.1.2", "1.1.1.1"]);
    await animationFrame();
    expect(".o_cap_node[data-code='1.1.1.2']").toBeFocused();
    expect("[role=status].visually-hidden").toHaveText(/same code/);
});

test("Alt and an arrow move from the keyboard", async () => {
    onRpc("cap.objective", "action_move", ({args}) => {
        calls.push(args);
        return makeTree();
    });
    await mountEditor();
    await unfoldAll();
    queryOne(".o_cap_node[data-code='1.1.1.1']").focus();
    await press(["alt", "ArrowLeft"]);
    await animationFrame();
    expect(calls[1].slice(0, 3)).toEqual([[4], 2, 3]);
});

test("dragging a line under another parent", async () => {
    onRpc("cap.objective", "action_move", ({args}) => {
        calls.push(args);
        return makeTree();
    });
    await mountEditor();
    await unfoldAll();
    await contains(".o_cap_node[data-code='1.1.1.1'] .o_cap_handle").dragAndDrop(
        ".o_cap_node[data-code='1.1.2.1']"
    );
    await animationFrame();
    expect(calls[1].slice(0, 2)).toEqual([[4], 6]);
});

test("dropped where its kind may not go: said, nothing asked", async () => {
    await mountEditor();
    await unfoldAll();
    await contains(".o_cap_node[data-code='1.1.1.1'] .o_cap_handle").dragAndDrop(
        ".o_cap_node[data-code='2']"
    );
    await animationFrame();
    expect(calls).toEqual(["get_editor_tree"]);
    expect("[role=alert]").toHaveText(/cannot go there. A theme holds sub-themes/);
});

test("a refusal is shown, and the tree is read again", async () => {
    onRpc("cap.objective", "action_move", () => {
        tree.nodes[4].name = "Changed by somebody";
        throw makeServerError({
            type: "odoo.exceptions.UserError",
            errorName: "odoo.exceptions.UserError",
            message: "Somebody else has just changed this part of the tree.",
        });
    });
    await mountEditor();
    await unfoldAll();
    await choose("1.1.1.2");
    await animationFrame();
    await click("[data-step=up]");
    await animationFrame();
    await animationFrame();
    expect("[role=alert]").toHaveText(/Somebody else has just changed/);
    expect(".o_cap_node[data-code='1.1.1.2']").toHaveText(/Changed by somebody/);
    expect(calls).toEqual(["get_editor_tree", "get_editor_tree"]);
});

test("add below proposes the kind and the next code, and stays open", async () => {
    onRpc("cap.referential.version", "action_add_objective", ({args}) => {
        calls.push(args);
        const nodes = makeTree().nodes;
        nodes.splice(5, 0, makeNode(20, 3, "1.1.1.9", "Nouveau"));
        return {id: 20, tree: makeTree({nodes})};
    });
    await mountEditor();
    await unfoldAll();
    await choose("1.1.1");
    await animationFrame();
    await click("[data-do=add]");
    await animationFrame();
    expect(".o_cap_add select").toHaveValue("operational");
    expect(".o_cap_add [name=code]").toHaveValue("1.1.1.9");
    expect(".o_cap_add [name=name]").toBeFocused();
    await contains(".o_cap_add [name=name]").edit("Nouveau", {confirm: false});
    await click(".o_cap_add [type=submit]");
    await animationFrame();
    expect(calls[1]).toEqual([
        [7],
        {parent_id: 3, kind: "operational", code: "1.1.1.9", name: "Nouveau"},
        [4, 5],
    ]);
    expect(codes()).toInclude("1.1.1.9");
    expect(".o_cap_add [name=name]").toHaveValue("");
});

test("deleting says first what goes with it", async () => {
    onRpc("cap.objective", "get_deletion_notice", () => ({
        ids: [3, 4, 5],
        told: ["Objectives below it: 2"],
    }));
    onRpc("cap.objective", "action_delete", ({args}) => {
        calls.push(args);
        return makeTree({
            nodes: makeTree().nodes.filter((n) => ![3, 4, 5].includes(n.id)),
        });
    });
    await mountEditor();
    await unfoldAll();
    await choose("1.1.1");
    await animationFrame();
    await contains("[data-do=delete]").click();
    expect(".modal-body").toHaveText(/Objectives below it: 2/);
    expect(calls).toHaveLength(1);
    await contains(".modal-footer .btn-primary").click();
    await animationFrame();
    expect(calls[1]).toEqual([[3], [3, 4, 5]]);
    expect(codes()).not.toInclude("1.1.1");
});

test("a move and a copy are taken back, the last first", async () => {
    onRpc("cap.objective", "action_move", ({args}) => {
        calls.push(args.slice(0, 3));
        return makeTree();
    });
    onRpc("cap.objective", "action_duplicate", () => {
        const nodes = makeTree().nodes;
        nodes.splice(5, 0, makeNode(20, 3, "1.1.1.3", "Copie"));
        return {id: 20, tree: makeTree({nodes}), told: "It continues the same."};
    });
    onRpc("cap.objective", "action_delete", ({args}) => {
        calls.push(args);
        return makeTree();
    });
    await mountEditor();
    await unfoldAll();
    expect("[data-do=undo]").not.toBeEnabled();
    await choose("1.1.1.2");
    await animationFrame();
    await click("[data-step=up]");
    await animationFrame();
    await click("[data-do=duplicate]");
    await animationFrame();
    expect(".o_cap_note").toHaveText("It continues the same.");
    await click("[data-do=undo]");
    await animationFrame();
    expect(calls.at(-1)).toEqual([[20], [20]]);
    queryOne(".o_cap_node[data-code='1.1.1']").focus();
    await press(["ctrl", "z"]);
    await animationFrame();
    expect(calls.at(-1)).toEqual([[5], 3, 4]);
    expect("[data-do=undo]").not.toBeEnabled();
});

// -------------------------------------------------------------------------- the tree

test("where a dropped line goes", () => {
    const editorTree = new EditorTree(makeTree());
    const cases = [
        [4, 5, {parentId: 3, afterId: 5}], // beside
        [4, 6, {parentId: 6, afterId: false}], // first of the general one above
        [4, 2, {parentId: 2, afterId: false}], // right below a sub-theme
        [3, 7, {parentId: 2, afterId: 6}], // after the whole branch
        [1, 8, {parentId: false, afterId: 8}],
        [8, false, {parentId: false, afterId: false}],
        [4, 8, null], // an operational one below a theme
        [4, false, null],
        [2, 4, null], // into itself
    ];
    for (const [id, previousId, place] of cases) {
        expect(editorTree.getDropPlace(id, previousId)).toEqual(place);
    }
});

test("where a step leads", () => {
    const editorTree = new EditorTree(makeTree());
    const cases = [
        [5, "up", {parentId: 3, afterId: false}],
        [4, "down", {parentId: 3, afterId: 5}],
        [5, "down", {parentId: 6, afterId: false}], // on to the next parent
        [7, "up", {parentId: 3, afterId: 5}],
        [4, "out", {parentId: 2, afterId: 3}],
        [6, "out", null],
        [6, "in", null],
        [1, "up", null],
        [8, "down", null],
    ];
    for (const [id, direction, place] of cases) {
        expect(editorTree.getStep(id, direction)).toEqual(place);
    }
});

test("what may be added where", () => {
    const editorTree = new EditorTree(makeTree());
    expect(editorTree.getKindsBelow(false)).toEqual(["theme"]);
    expect(editorTree.getKindsBelow(2)).toEqual(["general", "operational"]);
    expect(editorTree.getKindsBelow(8)).toEqual(["subtheme"]);
    expect(editorTree.getKindsBelow(4)).toEqual([]);
});
