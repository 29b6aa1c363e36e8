import {describe, expect, test} from "@odoo/hoot";
import {advanceTime, animationFrame, click, edit, queryOne} from "@odoo/hoot-dom";
import {browser} from "@web/core/browser/browser";
import {ConnectionLostError, rpc, RPCError} from "@web/core/network/rpc";
import {
    setupInteractionWhiteList,
    startInteractions,
} from "@web/../tests/public/helpers";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";
import {EMPTY, getChanges} from "@cap_evaluation/portal/common/answer";
import {DraftStore} from "@cap_evaluation/portal/common/draft_store";

setupInteractionWhiteList("cap_evaluation.line_page");
describe.current.tags("interaction_dev");

const levels = [0, 1, 2, 3]
    .map((v) => `<input type="radio" name="answer" value="${v}" id="l${v}"/>`)
    .join("");
const chips = [0, 1, 2, 3]
    .map(
        (v) =>
            `<template data-cap-chip="${v}"><span class="cap-chip">level ${v}</span></template>`
    )
    .join("");
const icons = ["ok", "clock", "offline", "people", "stop"]
    .map((name) => `<template data-cap-icon="${name}"><i class="ico"></i></template>`)
    .join("");

function form(line, next, base) {
    return `
  <form class="cap-line-form" data-line="${line}">
    <h2 id="objective" tabindex="-1">Objective ${line}</h2>
    <input type="hidden" name="base" value='${JSON.stringify(base)}'/>
    ${levels}
    <details open="open"><input type="radio" name="answer" value="na" id="na"/>
      <input class="form-control" name="na_reason" id="na_reason"/>
      <p id="na_reason_error"></p></details>
    <textarea name="comment" id="comment"></textarea>
    <input type="radio" name="progress_action" value="yes" id="yes"/>
    <input type="radio" name="progress_action" value="no" id="no"/>
    <textarea name="progress_comment"></textarea>
    <button type="submit" class="erase" value="erase" data-url="#">Erase</button>
    <div class="cap-foot"><span class="cap-save"></span>
      <button type="submit" class="btn-primary" data-line="${next}"
        data-url="/my/cap/4/${next}">Next</button></div>
  </form>`;
}

function page(base = EMPTY) {
    return `
<div class="o_cap_page" data-evaluation="4" data-line="11" data-storage="cap_test/7/"
     data-live="1">
  <p class="cap-save" role="status"></p>
  <p class="cap-total" data-count="3"><strong></strong><span class="cap-aside"></span></p>
  <div class="cap-notes"></div>
  ${form(11, 12, base)}
  <template data-cap-form="12">${form(12, 13, EMPTY)}</template>
  <ol class="cap-objectives">
    <li data-line-id="11"><a href="/my/cap/4/11">One</a><span class="cap-chip">To do</span></li>
    <li data-line-id="12"><a href="/my/cap/4/12">Two</a><span class="cap-chip">To do</span></li>
  </ol>
  <p class="cap-siblings"></p>
  <nav class="cap-rail"><a aria-current="page"><span class="cap-done"></span>
    <span class="cap-count"></span><span class="cap-bar"><span></span></span></a></nav>
  ${chips}${icons}
  <template data-cap-note="expired"><div class="cap-note">expired note
    <a class="btn" href="/web/login" target="_blank">Sign in</a></div></template>
  <template data-cap-note="lasting"><div class="cap-note"><h2>Not sent yet</h2>
    <div class="cap-kept-text"></div>
    <button type="button" data-cap-do="retry">Try now</button></div></template>
  <template data-cap-note="refused"><div class="cap-note"><h2>No</h2><p></p>
    <div class="cap-kept-text"></div><a data-cap-go="1" hidden="hidden">See</a>
    <button type="button" data-cap-do="discard">Remove</button></div></template>
  <template data-cap-note="conflict"><div class="cap-note">
    <b data-cap-who="other">Two of you</b><b data-cap-who="me" hidden="hidden">You</b>
    <div data-cap-side="mine"><p></p></div><div data-cap-side="theirs"><p></p></div>
    <button type="button" data-cap-do="keep-mine"></button>
    <button type="button" data-cap-do="keep-theirs"></button></div></template>
</div>`;
}

const theirs = {
    status: "conflict",
    line: {...EMPTY, level: 1, comment: "Signed, rarely read"},
    author: "Other Person",
    date: "2026-11-12 13:30:00",
    fields: ["level"],
};

/** A server with one stored answer per line; `fail` makes every call fail. */
function mockServer() {
    const server = {calls: [], stored: {}, fail: null, reply: null};
    patchWithCleanup(rpc, {
        _rpc: async (url, params) => {
            if (!url.endsWith("/save")) {
                return {};
            }
            server.calls.push({url, ...params});
            if (server.fail) {
                throw server.fail;
            }
            if (server.failOn === params.line_id) {
                throw new RPCError("boom");
            }
            if (server.reply) {
                const reply = server.reply;
                server.reply = null;
                server.stored[params.line_id] = reply.line;
                return reply;
            }
            const line = {...EMPTY, ...server.stored[params.line_id], ...params.values};
            server.stored[params.line_id] = line;
            return {
                status: "saved",
                line,
                scored: 1,
                applicable: 2,
                subtheme: {scored: 1, applicable: 2},
            };
        },
    });
    return server;
}

async function start(base) {
    browser.localStorage.clear();
    return startInteractions(page(base));
}

function draftsKept() {
    return new DraftStore(browser.localStorage, "cap_test/7/").all();
}

function expiredSession() {
    const error = new RPCError("expired");
    error.code = 100;
    return error;
}

function refusal(message) {
    const error = new RPCError(message);
    error.exceptionName = "odoo.exceptions.UserError";
    error.data = {message};
    return error;
}

test("a level is saved at once, and the page says so", async () => {
    const server = mockServer();
    await start();
    await click("#l0");
    await animationFrame();
    expect(server.calls).toHaveLength(1);
    expect(server.calls[0].url).toBe("/my/cap/4/save");
    expect(server.calls[0].values).toEqual({level: 0});
    expect(server.calls[0].base).toEqual(EMPTY);
    expect(queryOne(".cap-save[role=status]").textContent).toMatch(
        /Saved at \d\d:\d\d/
    );
    expect("[data-line-id='11'] > .cap-chip").toHaveText("level 0");
    expect(".cap-count").toHaveText("1/2");
    expect(draftsKept()).toHaveLength(0);
});

test("a level tapped before the script came is saved when it starts", async () => {
    const server = mockServer();
    browser.localStorage.clear();
    const early = page().replace(
        'value="2" id="l2"',
        'value="2" id="l2" class="early"'
    );
    const started = startInteractions(early);
    queryOne(".early").checked = true;
    await started;
    await animationFrame();
    expect(server.calls.map((call) => call.values)).toEqual([{level: 2}]);
    expect(draftsKept()).toHaveLength(0);
});

test("what was drawn is not sent by itself, were it not what is stored", async () => {
    const server = mockServer();
    browser.localStorage.clear();
    const refused = page().replace(
        'value="2" id="l2"',
        'value="2" id="l2" checked="1"'
    );
    await startInteractions(refused);
    await animationFrame();
    expect("#l2").toBeChecked();
    expect(server.calls).toHaveLength(0);
});

test("typing is saved once, after a pause, and kept on the device meanwhile", async () => {
    const server = mockServer();
    await start();
    await click("#comment");
    await edit("Every arrival", {confirm: false});
    expect(server.calls).toHaveLength(0);
    expect(draftsKept()[0].values).toEqual({comment: "Every arrival"});
    await advanceTime(1000);
    await animationFrame();
    expect(server.calls).toHaveLength(1);
    expect(draftsKept()).toHaveLength(0);
});

test("not applicable waits for its reason", async () => {
    const server = mockServer();
    await start();
    await click("#na");
    await advanceTime(1000);
    expect(server.calls).toHaveLength(0);
    await click("button.btn-primary");
    await animationFrame();
    expect("#na_reason").toHaveAttribute("aria-invalid", "true");
    expect("#na_reason_error").toHaveText(/^Write a reason/);
    await click("#na_reason");
    await edit("No volunteers", {confirm: false});
    await advanceTime(1000);
    await animationFrame();
    expect(server.calls[0].values).toEqual({na_reason: "No volunteers"});
});

test("not applicable without a reason says what stays, and never that it is saved", async () => {
    mockServer();
    await start();
    await click("#l1");
    await animationFrame();
    expect(".cap-foot .cap-save").toHaveText(/^Saved at/);
    await click("#na");
    await animationFrame();
    expect(".cap-save[role=status]").toHaveText("Not saved: write a reason");
    expect(".cap-foot .cap-save").toHaveText("Not saved: write a reason");
    await click("button.btn-primary");
    await animationFrame();
    expect("#na_reason_error").toHaveText(/the objective stays at “level 1”\.$/);
    await click("#l1");
    await animationFrame();
    expect("#na_reason_error").toHaveText("");
    expect(".cap-foot .cap-save").toHaveText(/^Saved at/);
});

test("a remark saved beside a missing reason does not say that all is saved", async () => {
    const server = mockServer();
    await start();
    await click("#na");
    await click("#comment");
    await edit("Why not", {confirm: false});
    await advanceTime(1000);
    await animationFrame();
    expect(server.stored[11].comment).toBe("Why not");
    expect(".cap-save[role=status]").toHaveText("Not saved: write a reason");
});

test("what is not applicable is counted apart, the same everywhere", async () => {
    mockServer();
    await start();
    await click("#l0");
    await animationFrame();
    expect(".cap-total").toHaveText("1 of 2 · not applicable: 1");
    expect(".cap-siblings").toHaveText("Objectives scored: 1 of 2.");
});

test("without network answers are kept, then sent when it is back", async () => {
    const server = mockServer();
    server.fail = new ConnectionLostError("/my/cap/4/save");
    await start();
    await click("#l2");
    await animationFrame();
    expect(".cap-save[role=status]").toHaveText(
        "No network, 1 answer kept on this device"
    );
    expect(draftsKept()[0].values).toEqual({level: 2});
    server.fail = null;
    window.dispatchEvent(new Event("online"));
    await animationFrame();
    expect(server.stored[11].level).toBe(2);
    expect(draftsKept()).toHaveLength(0);
});

test("an answer kept by an earlier visit is shown and sent when the page reopens", async () => {
    const server = mockServer();
    browser.localStorage.clear();
    const store = new DraftStore(browser.localStorage, "cap_test/7/");
    store.set({evaluation: 4, line: 11, base: EMPTY, values: {comment: "kept"}});
    store.set({evaluation: 4, line: 12, base: EMPTY, values: {level: 3}});
    const other = new DraftStore(browser.localStorage, "cap_test/8/");
    other.set({evaluation: 4, line: 11, base: EMPTY, values: {comment: "not mine"}});
    await startInteractions(page());
    await animationFrame();
    expect("#comment").toHaveValue("kept");
    expect(server.calls.map((call) => call.line_id)).toEqual([11, 12]);
    expect("[data-line-id='12'] > .cap-chip").toHaveText("level 3");
    expect(draftsKept()).toHaveLength(0);
    expect(other.all()).toHaveLength(1);
});

test("a failing server is tried again after ten seconds, and it is said", async () => {
    const server = mockServer();
    server.fail = new RPCError("boom");
    await start();
    await click("#l1");
    await animationFrame();
    expect(".cap-save[role=status]").toHaveText("Not saved. Trying again in 10 s");
    await advanceTime(10500);
    await animationFrame();
    expect(server.calls).toHaveLength(2);
    await advanceTime(10500);
    await animationFrame();
    expect(".cap-note h2").toHaveText("Not sent yet");
    server.fail = null;
    await click("[data-cap-do=retry]");
    await animationFrame();
    expect(".cap-note").toHaveCount(0);
    expect(server.stored[11].level).toBe(1);
});

test("a conflict shows both values; keeping mine sends it over theirs", async () => {
    const server = mockServer();
    server.reply = theirs;
    await start();
    await click("#l2");
    await animationFrame();
    expect(".cap-save[role=status]").toHaveText("To settle: somebody else answered");
    expect("[data-cap-side=mine]").toHaveText(/level 2/);
    expect("[data-cap-side=theirs]").toHaveText(/Other Person.*level 1/s);
    expect("[data-cap-do=keep-mine]").toHaveText("Keep 2, mine");
    expect("[data-cap-do=keep-theirs]").toHaveText("Keep 1, Other's");
    expect(server.calls).toHaveLength(1);
    await click("[data-cap-do=keep-mine]");
    await animationFrame();
    expect(server.calls[1].values).toEqual({level: 2});
    expect(server.calls[1].base.level).toBe(1);
    expect(".cap-note").toHaveCount(0);
});

test("keeping theirs shows it, and still sends what only I changed", async () => {
    const server = mockServer();
    server.reply = theirs;
    await start();
    queryOne("#comment").value = "My own words";
    await click("#l2");
    await animationFrame();
    await click("[data-cap-do=keep-theirs]");
    await animationFrame();
    expect("#l1").toBeChecked();
    expect(server.calls[1].values).toEqual({comment: "My own words"});
    expect(draftsKept()).toHaveLength(0);
});

test("an expired session keeps the text and sends it once signed in again", async () => {
    const server = mockServer();
    server.fail = expiredSession();
    await start();
    await click("#l3");
    await animationFrame();
    expect(".cap-note").toHaveText(/expired note/);
    const link = queryOne(".cap-foot .cap-save a");
    expect(link).toHaveText("Not saved yet: sign in again");
    expect(link).toHaveAttribute("href", "/web/login?redirect=/my/cap/4/11");
    expect(link).toHaveAttribute("target", "_blank");
    expect(".cap-foot .cap-save").not.toHaveAttribute("aria-hidden");
    expect(draftsKept()[0].values).toEqual({level: 3});
    server.fail = null;
    window.dispatchEvent(new Event("focus"));
    await animationFrame();
    expect(server.stored[11].level).toBe(3);
    expect(".cap-note").toHaveCount(0);
    expect(".cap-save a").toHaveCount(0);
    expect(".cap-foot .cap-save").toHaveAttribute("aria-hidden", "true");
});

test("a refused answer is not sent for ever, and its text is not lost", async () => {
    const server = mockServer();
    server.fail = refusal("This CAP is validated");
    await start();
    queryOne("#comment").value = "Too late";
    await click("#l3");
    await animationFrame();
    await advanceTime(30000);
    expect(server.calls).toHaveLength(1);
    expect(".cap-note > p").toHaveText("This CAP is validated");
    expect(".cap-kept-text").toHaveText(/Too late/);
    await click("[data-cap-do=discard]");
    expect(draftsKept()).toHaveLength(0);
});

test("the next sub-theme waits for the save; leaving unsaved warns", async () => {
    const server = mockServer();
    const assigned = [];
    patchWithCleanup(browser.location, {assign: (url) => assigned.push(url)});
    await start();
    await click("button.btn-primary");
    await animationFrame();
    assigned.length = 0; // the mock of pushState assigns
    server.fail = new ConnectionLostError("/my/cap/4/save");
    await click("#l2");
    await click("button.btn-primary");
    await animationFrame();
    expect(assigned).toEqual([]);
    const leaving = new Event("beforeunload", {cancelable: true});
    window.dispatchEvent(leaving);
    expect(leaving.defaultPrevented).toBe(true);
    server.fail = null;
    await click("button.btn-primary");
    await animationFrame();
    expect(assigned).toEqual(["/my/cap/4/13"]);
    const again = new Event("beforeunload", {cancelable: true});
    window.dispatchEvent(again);
    expect(again.defaultPrevented).toBe(false);
});

test("a whole sub-theme is answered without network, then sent", async () => {
    const server = mockServer();
    browser.history.pushState(null, "", "/my/cap/4/11");
    server.fail = new ConnectionLostError("/my/cap/4/save");
    await start();
    await click("#l2");
    await click("button.btn-primary");
    await animationFrame();
    expect("h2").toHaveText("Objective 12");
    expect("h2").toBeFocused();
    expect(browser.location.pathname).toBe("/my/cap/4/12");
    await click("#l3");
    await animationFrame();
    expect(".cap-save[role=status]").toHaveText(
        "No network, 2 answers kept on this device"
    );
    server.fail = null;
    window.dispatchEvent(new Event("online"));
    await animationFrame();
    expect(server.stored[11].level).toBe(2);
    expect(server.stored[12].level).toBe(3);
    expect(draftsKept()).toHaveLength(0);
    await click("[data-line-id='11'] a");
    await animationFrame();
    expect("h2").toHaveText("Objective 11");
    expect("#l2").toBeChecked();
});

test("an answer is taken back, its comment stays", async () => {
    const server = mockServer();
    await start();
    queryOne("#comment").value = "Said";
    await click("#l2");
    await click("#no");
    await animationFrame();
    await click("button.erase");
    await animationFrame();
    expect("#l2").not.toBeChecked();
    expect("#no").not.toBeChecked();
    expect(server.stored[11]).toEqual({...EMPTY, comment: "Said"});
    expect(".cap-save[role=status]").toHaveText(
        "Answer erased. What is written stays."
    );
    expect(".cap-foot .cap-save").toHaveText("Answer erased. What is written stays.");
    expect(server.calls.at(-1).values).toEqual({
        level: null,
        na_reason: "",
        progress_action: "",
    });
});

test("one's own other tab is told as such", async () => {
    const server = mockServer();
    server.reply = {...theirs, is_mine: true};
    await start();
    await click("#l2");
    await animationFrame();
    expect("[data-cap-who=me]").toBeVisible();
    expect("[data-cap-who=other]").not.toBeVisible();
    expect("[data-cap-side=theirs]").toHaveText(/You, in another tab.*level 1/s);
    expect("[data-cap-do=keep-theirs]").toHaveText("Keep 1, of the other tab");
});

test("what the server fails to take holds nothing else up", async () => {
    const server = mockServer();
    const assigned = [];
    patchWithCleanup(browser.location, {assign: (url) => assigned.push(url)});
    server.failOn = 11;
    await start();
    await click("#l1");
    await click("button.btn-primary");
    await click("#l3");
    await animationFrame();
    expect(server.stored[12].level).toBe(3);
    await advanceTime(10500);
    await advanceTime(10500);
    await animationFrame();
    expect("[data-line-id='11'] .cap-kept-text").toHaveText(/level 1/);
    await click("button.btn-primary");
    await animationFrame();
    expect(assigned.at(-1)).toBe("/my/cap/4/13");
    expect(draftsKept()).toHaveLength(1);
});

test("a refused answer of a line that moved is kept, with where it stands now", async () => {
    const server = mockServer();
    browser.localStorage.clear();
    const store = new DraftStore(browser.localStorage, "cap_test/7/");
    store.set({evaluation: 4, line: 99, base: EMPTY, values: {comment: "Long text"}});
    server.fail = refusal("It was kept aside");
    await startInteractions(page());
    await animationFrame();
    expect(".cap-notes .cap-kept-text").toHaveText(/Long text/);
    expect("[data-cap-go]").toHaveAttribute("href", "/my/cap/4/99");
});

test("an action that is written ticks yes, and is saved with it", async () => {
    const server = mockServer();
    await start();
    await click("[name=progress_comment]");
    await edit("Write it", {confirm: false});
    expect("#yes").toBeChecked();
    await advanceTime(1000);
    await animationFrame();
    expect(server.calls[0].values).toEqual({
        progress_action: "yes",
        progress_comment: "Write it",
    });
});

test("an action written under a no leaves the no", async () => {
    const server = mockServer();
    await start();
    await click("#no");
    await click("[name=progress_comment]");
    await edit("Not this year", {confirm: false});
    await advanceTime(1000);
    await animationFrame();
    expect("#no").toBeChecked();
    expect(server.stored[11].progress_action).toBe("no");
});

test("the foot shows the save state at every width", async () => {
    mockServer();
    await start();
    await click("#l1");
    await animationFrame();
    expect(".cap-foot .cap-save").toHaveText(/Saved at \d\d:\d\d/);
    expect(queryOne(".cap-foot .cap-save").className).not.toMatch(/d-md-none/);
});

test("a reload shows the same objective", async () => {
    mockServer();
    browser.history.pushState(null, "", "/my/cap/4#rail");
    await start();
    expect(browser.location.pathname).toBe("/my/cap/4/11");
    expect(browser.location.hash).toBe("#rail");
});

test("an address that names its objective stays", async () => {
    mockServer();
    browser.history.pushState(null, "", "/my/cap/4/11?from=mail");
    await start();
    expect(browser.location.pathname).toBe("/my/cap/4/11");
    expect(browser.location.search).toBe("?from=mail");
});

test("changes: zero is an answer, level and reason are one", () => {
    expect(getChanges({...EMPTY, level: 0}, EMPTY)).toEqual({level: 0});
    expect(getChanges(EMPTY, EMPTY)).toEqual({});
    expect(getChanges({...EMPTY, level: 2}, {...EMPTY, na_reason: "x"})).toEqual({
        level: 2,
    });
    expect(getChanges({...EMPTY, na_reason: "x"}, {...EMPTY, level: 2})).toEqual({
        na_reason: "x",
    });
});

test("another person's change of what I left alone is shown, never overwritten", async () => {
    const server = mockServer();
    server.stored[11] = {...EMPTY, comment: "From the other", progress_action: "yes"};
    await start();
    await click("#l2");
    await animationFrame();
    await advanceTime(3000);
    await animationFrame();
    expect(server.calls).toHaveLength(1);
    expect(server.stored[11].comment).toBe("From the other");
    expect("#comment").toHaveValue("From the other");
    expect("#yes").toBeChecked();
});

test("settling one field does not decide of another one", async () => {
    const server = mockServer();
    server.reply = {
        ...theirs,
        line: {...theirs.line, comment: "Theirs"},
        fields: ["comment"],
    };
    await start();
    await click("#comment");
    await edit("Mine", {confirm: false});
    await advanceTime(1000);
    await animationFrame();
    await click("#l2");
    await click("[data-cap-do=keep-mine]");
    await animationFrame();
    expect(server.calls[1].base.comment).toBe("Theirs");
    expect(server.calls[1].base.level).toBe(null);
});
