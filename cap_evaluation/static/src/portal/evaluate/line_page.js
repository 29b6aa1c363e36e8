import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {ConnectionLostError, rpc} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";
import {getChanges, rebase, withPair} from "../common/answer";
import {DraftStore} from "../common/draft_store";
import {SaveQueue} from "../common/save_queue";
import {AnswerWords} from "./conflict_note";
import {LineForm} from "./line_form";

const TYPING_DELAY = 800;
const EXPIRED_SESSION = 100; // Odoo's code
const REFUSALS = ["UserError", "ValidationError", "AccessError", "MissingError"];

/**
 * The page where objectives are evaluated: each change is saved by itself.
 *
 * Whatever is typed is first kept on the device (DraftStore), then sent (SaveQueue); it
 * leaves the device only once the server said it has it. The page holds the forms of the
 * whole sub-theme: going from one to the next asks nothing of the network.
 */
export class LinePage extends Interaction {
    static selector = ".o_cap_page[data-live]";
    dynamicContent = {
        _root: {
            "t-on-input": this.onInput,
            "t-on-change": this.onChange,
            "t-on-submit": this.onSubmit,
            "t-on-click": this.onClick,
        },
        _window: {
            "t-on-beforeunload": this.onBeforeUnload,
            "t-on-online": () => this.queue.flush(),
            "t-on-focus": this.onFocus,
            "t-on-popstate": this.onPopState,
        },
    };

    setup() {
        this.evaluation = parseInt(this.el.dataset.evaluation);
        this.forms = new Map();
        this.form = this.addForm(this.el.querySelector("form.cap-line-form"));
        this.words = new AnswerWords((selector) => this.clone(selector));
        this.store = new DraftStore(browser.localStorage, this.el.dataset.storage);
        this.queue = new SaveQueue(this.store, (draft) => this.save(draft), {
            sending: () => this.setStatus("clock", _t("Saving…")),
            saved: (draft, outcome) => this.onSaved(draft, outcome),
            conflict: (draft, outcome) => this.onConflict(draft, outcome),
            refused: (draft, outcome) => this.onRefused(draft, outcome),
            failed: (draft) => this.onFailed(draft),
            offline: () => this.onOffline(),
            expired: () => this.onExpired(),
            waiting: (seconds) => this.onWaiting(seconds),
            done: () => this.showOutcome(),
        });
        this.sendLater = this.debounced(() => this.queue.flush(), TYPING_DELAY);
    }

    start() {
        this.nameLineInAddress();
        const status = this.el.querySelector(".cap-save[role=status]");
        this.mirrorStatus(status.innerHTML, status.className);
        const touched = this.form.readTouched();
        this.takeDraft(this.form);
        this.takeTouched(touched);
        if (this.store.all().length) {
            this.queue.flush();
        }
    }

    destroy() {
        this.queue.stop();
    }

    get line() {
        return this.form.line;
    }

    // ------------------------------------------------------- forms of the sub-theme

    addForm(el) {
        const form = new LineForm(el);
        this.forms.set(form.line, form);
        return form;
    }

    /** The form of a line of this sub-theme, shown or not; nothing for another's. */
    getForm(line) {
        const kept = this.el.querySelector(`template[data-cap-form="${line}"]`);
        if (!this.forms.has(line) && kept) {
            this.takeDraft(
                this.addForm(kept.content.firstElementChild.cloneNode(true))
            );
        }
        return this.forms.get(line);
    }

    /** A reload shows this objective again, not the next one left to do. */
    nameLineInAddress() {
        const {pathname, hash} = browser.location;
        if (pathname.endsWith(`/my/cap/${this.evaluation}`)) {
            const address = `${pathname}/${this.line}${hash}`;
            browser.history.replaceState(browser.history.state, "", address);
        }
    }

    /** Show what an earlier visit left on this device for the line of `form`. */
    takeDraft(form) {
        const draft = this.store.get(form.line);
        if (draft) {
            const {values} = draft;
            const chosen = typeof values.level === "number" ? {na_reason: ""} : {};
            form.show({...form.read(), ...chosen, ...values});
            form.base = draft.base;
        }
    }

    /** Keep what was picked or typed before this script came: newer than any draft. */
    takeTouched(touched) {
        this.form.show(touched);
        if (touched.progress_comment) {
            this.form.implyAction();
        }
        if (Object.keys(touched).length) {
            this.keep();
        }
    }

    /** Show the form of another line of this sub-theme, its title in focus. */
    openForm(form) {
        this.form.el.replaceWith(form.el);
        this.form = form;
        this.checkReason(false);
        document.title = form.el.dataset.title || document.title;
        for (const link of this.el.querySelectorAll(".cap-objectives a")) {
            const {lineId} = link.closest("li").dataset;
            if (parseInt(lineId) === form.line) {
                link.setAttribute("aria-current", "true");
            } else {
                link.removeAttribute("aria-current");
            }
        }
        const status = this.el.querySelector(".cap-save[role=status]");
        this.mirrorStatus(status.innerHTML, status.className);
        const title = form.el.querySelector("[id=objective]");
        title?.focus({preventScroll: true});
        title?.scrollIntoView({block: "start"});
    }

    onPopState() {
        const [, line] = browser.location.pathname.match(/\/(\d+)$/) || [];
        const form = this.getForm(parseInt(line));
        if (form && form !== this.form) {
            this.openForm(form);
        }
    }

    // -------------------------------------------------------------------- handlers

    isOfForm(ev) {
        return this.form.el.contains(ev.target);
    }

    /** Keep what differs from the server's answer on the device; true if any. */
    keep() {
        const {line, form} = this;
        const values = getChanges(form.read(), form.base);
        if (!Object.keys(values).length) {
            if (!this.queue.conflicts.has(line)) {
                this.store.remove(line);
            }
            return false;
        }
        this.queue.refused.delete(line);
        this.store.set({evaluation: this.evaluation, line, base: form.base, values});
        return true;
    }

    onInput(ev) {
        if (!this.isOfForm(ev) || ev.target.type === "radio") {
            return;
        }
        if (ev.target.name === "na_reason" && ev.target.value.trim()) {
            this.form.pick("answer", "na");
        }
        if (ev.target.name === "progress_comment") {
            this.form.implyAction();
        }
        if (this.keep()) {
            this.sendLater();
        }
    }

    onChange(ev) {
        if (!this.isOfForm(ev)) {
            return;
        }
        this.checkReason(ev.target.name === "na_reason");
        if (ev.target.value === "na") {
            this.form.el.elements.na_reason.focus();
        }
        if (this.keep()) {
            this.send();
        }
    }

    /** Say that a reason is missing, when it is asked for; true if it is. */
    checkReason(asked) {
        const missing = this.form.isReasonMissing();
        if (missing) {
            this.sayReasonMissing();
        } else {
            this.sayReasonGiven();
        }
        if (missing && asked) {
            const icon = this.clone("[data-cap-icon=stop]");
            this.form.showReasonError([icon, " ", this.tellWhatStays()]);
        } else if (!missing) {
            this.form.showReasonError();
        }
        return missing && asked;
    }

    /** What the server goes on holding while a reason is missing. */
    tellWhatStays() {
        const {base} = this.form;
        if (typeof base.level === "number") {
            const level = this.words.renderChip(base).textContent;
            return _t(
                "Write a reason, even a short one. Until then, the objective stays at “%(level)s”.",
                {level: level.replace(/\s+/g, " ").trim()}
            );
        }
        if (base.na_reason) {
            return _t(
                "Write a reason, even a short one. Until then, the one written before stays."
            );
        }
        return _t(
            "Write a reason, even a short one. Without it, the objective stays “to do”."
        );
    }

    /** The choice that is shown is not saved: nothing says that it is. */
    sayReasonMissing() {
        const status = this.el.querySelector(".cap-save[role=status]");
        const before = this.before || {html: status.innerHTML, css: status.className};
        this.setStatus("stop", _t("Not saved: write a reason"), "stop");
        this.before = before;
    }

    /** Say again what was said before a reason was missing. */
    sayReasonGiven() {
        const {before} = this;
        this.before = null;
        if (before) {
            const status = this.el.querySelector(".cap-save[role=status]");
            this.statusText = null;
            status.className = before.css;
            status.innerHTML = before.html; // our own status, already escaped
            this.mirrorStatus(before.html, before.css);
        }
    }

    async onSubmit(ev) {
        if (!this.isOfForm(ev) || ev.submitter?.hasAttribute("formaction")) {
            // A button of another module that posts the form elsewhere.
            return;
        }
        ev.preventDefault();
        const button =
            (ev.submitter?.dataset.url && ev.submitter) ||
            this.form.el.querySelector("button[data-url].btn-primary");
        if (button.value === "erase") {
            return this.erase();
        }
        if (this.checkReason(true)) {
            this.form.el.elements.na_reason.focus();
            return;
        }
        await this.goOn(parseInt(button.dataset.line), button.dataset.url);
    }

    /** Take the choices of this answer back. */
    erase() {
        this.form.erase();
        this.erasing = this.line;
        this.checkReason(false);
        if (this.keep()) {
            return this.send();
        }
    }

    /** Go to a line: within the sub-theme at once, the save follows; else once saved. */
    async goOn(line, url) {
        const form = this.getForm(line);
        if (!form) {
            return this.leaveFor(url);
        }
        if (this.keep()) {
            this.send();
        }
        browser.history.pushState(null, "", url);
        this.openForm(form);
    }

    onClick(ev) {
        const action = ev.target.closest("[data-cap-do]")?.dataset.capDo;
        if (action) {
            return this.doAction(action, ev.target);
        }
        const link = ev.target.closest("a[href]");
        const plain = !(ev.ctrlKey || ev.metaKey || ev.shiftKey || link?.target);
        if (!link || !plain || link.getAttribute("href")[0] !== "/") {
            return;
        }
        const line = parseInt(link.closest("[data-line-id]")?.dataset.lineId);
        if (this.getForm(line) || this.isUnsaved()) {
            ev.preventDefault();
            return this.goOn(line, link.href);
        }
    }

    doAction(action, target) {
        const line = parseInt(target.closest("[data-cap-line]")?.dataset.capLine);
        if (action === "retry") {
            return this.queue.flush();
        }
        if (action === "discard") {
            this.queue.discard(line);
            this.removeNote(line);
            return this.showOutcome();
        }
        return this.settle(line, action === "keep-mine");
    }

    /** Save what is left, then go; stay when it could not be saved. */
    async leaveFor(url) {
        this.keep();
        await this.send();
        if (this.queue.conflicts.has(this.line) || this.queue.isBusy()) {
            this.el.querySelector(".cap-notes").scrollIntoView({block: "nearest"});
        } else {
            this.isLeaving = true;
            browser.location.assign(url);
        }
    }

    onFocus() {
        if (this.queue.expired) {
            this.queue.flush();
        }
    }

    onBeforeUnload(ev) {
        if (this.isUnsaved() && !this.isLeaving) {
            ev.preventDefault();
            ev.returnValue = "";
        }
    }

    isUnsaved() {
        return Boolean(this.store.get(this.line)) || this.queue.getPending().length > 0;
    }

    // --------------------------------------------------------------------- sending

    send() {
        this.sendLater.cancel();
        return this.waitFor(this.queue.flush());
    }

    /** Send one draft; the outcome is told in the queue's words. */
    async save({evaluation, line, values, base}) {
        const url = `/my/cap/${evaluation}/save`;
        try {
            return await rpc(url, {line_id: line, values, base}, {silent: true});
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                return {status: "offline"};
            }
            if (error.code === EXPIRED_SESSION) {
                return {status: "expired"};
            }
            const message = error.data?.message || error.message;
            return {status: this.isRefusal(error) ? "refused" : "failed", message};
        }
    }

    /** The server answered no, and will go on saying no: closed, not allowed, gone. */
    isRefusal(error) {
        return (
            error.code === 404 ||
            REFUSALS.some((name) => error.exceptionName === `odoo.exceptions.${name}`)
        );
    }

    onSaved(draft, outcome) {
        this.savedAt = new Date();
        this.erased = this.erasing === draft.line && this.isErased(outcome.line);
        this.isTextLeft = Boolean(
            outcome.line.comment || outcome.line.progress_comment
        );
        this.erasing = null;
        this.settleDraft(draft, outcome.line);
        this.removeNote(draft.line);
        if (draft.evaluation === this.evaluation) {
            this.showSaved(draft.line, outcome);
        }
    }

    isErased({level, na_reason: reason, progress_action: action}) {
        return level === null && !reason && !action;
    }

    /** The server has `stored`: forget the draft, but what was typed meanwhile. */
    settleDraft(draft, stored) {
        const form = this.getForm(draft.line);
        const current = this.store.get(draft.line);
        if (!form) {
            if (JSON.stringify(current?.values) === JSON.stringify(draft.values)) {
                this.store.remove(draft.line);
            }
            return;
        }
        const {base, shown} = rebase(form.read(), draft, stored);
        form.base = base;
        form.show(shown);
        const values = getChanges(form.read(), base);
        const typed = Object.entries(values).some(
            ([name, value]) => draft.values[name] !== value
        );
        if (typed) {
            this.store.set({...draft, base, values});
            this.sendLater();
        } else {
            // At most what the server itself tidied: nothing more to send.
            this.store.remove(draft.line);
        }
    }

    onConflict(draft, outcome) {
        this.placeNote(draft.line, this.words.renderConflict(draft, outcome));
    }

    /** Keep mine or theirs, for the fields both changed; the rest of mine is sent. */
    async settle(line, mine) {
        const {draft, outcome} = this.queue.takeConflict(line);
        this.removeNote(line);
        const values = {...(this.store.get(line) || draft).values};
        const decided = withPair(outcome.fields);
        // Only what was shown is decided: another field of theirs would be asked next.
        const base = {...draft.base};
        const form = this.getForm(line);
        for (const name of decided) {
            base[name] = outcome.line[name];
            if (!mine) {
                delete values[name];
                form?.show({[name]: outcome.line[name]});
            }
        }
        if (form) {
            form.base = base;
        }
        if (Object.keys(values).length) {
            this.store.set({...draft, values, base});
        } else {
            this.store.remove(line);
            this.updateRow(line, outcome.line);
        }
        await this.send();
    }

    // ---------------------------------------------------------------- what it says

    showOutcome() {
        if (this.queue.conflicts.size) {
            const mine = [...this.queue.conflicts.values()].every(
                ({outcome}) => outcome.is_mine
            );
            this.setStatus(
                "people",
                mine
                    ? _t("To settle: you answered in another tab")
                    : _t("To settle: somebody else answered"),
                "wait"
            );
        } else if (this.queue.refused.size) {
            this.setStatus("stop", _t("Not saved"), "stop");
        } else if (this.savedAt && !this.store.all().length) {
            this.removeNote(this.line);
            this.setStatus("ok", this.tellSaved());
            if (this.form.isReasonMissing()) {
                this.sayReasonMissing();
            }
        }
    }

    tellSaved() {
        if (this.erased) {
            return this.isTextLeft
                ? _t("Answer erased. What is written stays.")
                : _t("Answer erased.");
        }
        const time = this.words.formatTime(this.savedAt);
        return _t("Saved at %(time)s", {time});
    }

    onOffline() {
        const count = this.store.all().length;
        const text =
            count > 1
                ? _t("No network, %(count)s answers kept on this device", {count})
                : _t("No network, 1 answer kept on this device");
        this.setStatus("offline", text, "wait");
    }

    onExpired() {
        const link = this.showNote(this.line, "expired").querySelector("a");
        link.href = `/web/login?redirect=/my/cap/${this.evaluation}/${this.line}`;
        const text = _t("Not saved yet: sign in again");
        // The note is above, maybe out of sight: the foot leads there too.
        this.setStatus("stop", text, "wait", link.cloneNode());
    }

    onWaiting(seconds) {
        const text = _t("Not saved. Trying again in %(seconds)s s", {seconds});
        this.setStatus("stop", text, "stop");
    }

    /** Say which answer the server fails to take, once it has failed for long. */
    onFailed(draft) {
        if (this.queue.isLasting(draft.line)) {
            const note = this.showNote(draft.line, "lasting");
            this.quoteDraft(note, draft);
        }
    }

    onRefused(draft, {message}) {
        const note = this.showNote(draft.line, "refused");
        note.querySelector("h2 + p").textContent = message;
        this.quoteDraft(note, draft);
        const link = note.querySelector("[data-cap-go]");
        link.hidden = draft.line === this.line;
        link.href = `/my/cap/${draft.evaluation}/${draft.line}`;
    }

    quoteDraft(note, {values}) {
        const kept = note.querySelector(".cap-kept-text");
        kept.replaceChildren(...this.words.render(values, Object.keys(values)));
    }

    showSaved(line, outcome) {
        this.updateRow(line, outcome.line);
        const total = this.el.querySelector(".cap-total strong");
        if (total) {
            const {scored, applicable} = outcome;
            total.textContent = _t("%(scored)s of %(applicable)s", {
                scored,
                applicable,
            });
            this.updateAside(total.parentElement, applicable);
        }
        const row = this.el.querySelector(`.cap-objectives [data-line-id="${line}"]`);
        const node = this.el.querySelector(".cap-rail a[aria-current]");
        if (row && node) {
            this.updateGroup(node, outcome.subtheme);
        }
    }

    /** Those that are not applicable are said apart: they are in no other count. */
    updateAside(total, applicable) {
        const count = parseInt(total.dataset.count) - applicable;
        const told = _t("not applicable: %(count)s", {count});
        total.querySelector(".cap-aside").textContent = count ? ` · ${told}` : "";
    }

    updateGroup(node, {scored, applicable}) {
        const share = applicable ? (100 * scored) / applicable : 100;
        node.querySelector(".cap-count").textContent = `${scored}/${applicable}`;
        node.querySelector(".cap-done").textContent = scored === applicable ? "✓ " : "";
        node.querySelector(".cap-bar > span").style.width = `${share}%`;
        const rows = this.el.querySelectorAll(".cap-objectives > li").length;
        const values = {scored, applicable, not_applicable: rows - applicable};
        this.el.querySelector(".cap-siblings").textContent = values.not_applicable
            ? _t(
                  "Objectives scored: %(scored)s of %(applicable)s. Not applicable: %(not_applicable)s.",
                  values
              )
            : _t("Objectives scored: %(scored)s of %(applicable)s.", values);
    }

    updateRow(line, answer) {
        const row = this.el.querySelector(`.cap-objectives [data-line-id="${line}"]`);
        const chip = row?.querySelector(":scope > .cap-chip");
        chip?.replaceWith(this.words.renderChip(answer));
    }

    // ---------------------------------------------------------------------- pieces

    clone(selector) {
        const template = this.el.querySelector(`template${selector}`);
        return template?.content.firstElementChild.cloneNode(true);
    }

    showNote(line, name) {
        return this.placeNote(line, this.clone(`[data-cap-note=${name}]`));
    }

    /** Put a note above the form, or under its row for another line's. */
    placeNote(line, note) {
        this.removeNote(line);
        note.dataset.capLine = line;
        const row = this.el.querySelector(`.cap-objectives [data-line-id="${line}"]`);
        if (line !== this.line && row) {
            row.append(note);
        } else {
            note.classList.add("mb-3");
            this.el.querySelector(".cap-notes").append(note);
        }
        return note;
    }

    removeNote(line) {
        for (const note of this.el.querySelectorAll(`[data-cap-line="${line}"]`)) {
            note.remove();
        }
    }

    /** Said aloud on change only; the sticky foot shows the same. */
    setStatus(icon, text, tone = "", link = null) {
        if (icon !== "clock") {
            this.before = null;
        }
        const status = this.el.querySelector(".cap-save[role=status]");
        const className = `cap-save mb-1 ${tone ? `cap-save--${tone}` : ""}`.trim();
        if (this.statusText !== String(text)) {
            this.statusText = String(text);
            status.className = className;
            const told = link || document.createElement("span");
            told.className = link ? "link" : "";
            told.textContent = text;
            status.replaceChildren(this.clone(`[data-cap-icon=${icon}]`), " ", told);
            this.mirrorStatus(status.innerHTML, className);
        }
    }

    mirrorStatus(html, className) {
        const foot = this.el.querySelector(".cap-foot .cap-save");
        if (foot) {
            foot.innerHTML = html; // our own status, already escaped
            foot.className = className.replace("mb-1", "").trim();
            // A repetition, not to be read twice; a link is there to be reached.
            if (foot.querySelector("a")) {
                foot.removeAttribute("aria-hidden");
            } else {
                foot.setAttribute("aria-hidden", "true");
            }
        }
    }
}

registry.category("public.interactions").add("cap_evaluation.line_page", LinePage);
