import {browser} from "@web/core/browser/browser";
import {ConnectionLostError, rpc} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";
import {AnswerStore, getChanges, rebase, withPair} from "./answer_store";

const TYPING_DELAY = 800;
const RETRY_SECONDS = 10;
const LASTING_FAILURES = 3;
const EXPIRED_SESSION = 100; // Odoo's code

/**
 * The page where one objective is evaluated: each change is saved by itself.
 *
 * Whatever is typed is first kept on the device (see AnswerStore), then sent, one line
 * at a time; it leaves the device only once the server said it has it. What the page
 * says meanwhile is one of: saved, saving, no network, to settle, not saved.
 */
export class CapAnswer extends Interaction {
    static selector = ".o_cap_page[data-texts]";
    dynamicContent = {
        ".cap-answer-form": {"t-on-submit": this.onSubmit},
        ".cap-answer-form textarea, .cap-answer-form input.form-control": {
            "t-on-input": this.onInput,
            "t-on-change": this.onChange,
        },
        ".cap-answer-form input[type=radio]": {"t-on-change": this.onChange},
        _root: {"t-on-click": this.onClick},
        _window: {
            "t-on-beforeunload": this.onBeforeUnload,
            "t-on-online": () => this.send(),
            "t-on-focus": this.onFocus,
        },
    };

    setup() {
        this.texts = JSON.parse(this.el.dataset.texts);
        this.evaluation = parseInt(this.el.dataset.evaluation);
        this.line = parseInt(this.el.dataset.line);
        this.form = this.el.querySelector(".cap-answer-form");
        this.store = new AnswerStore(browser.localStorage, this.el.dataset.storage);
        this.base = JSON.parse(this.form.elements.base.value);
        this.conflicts = new Map();
        this.refused = new Map();
        this.failures = 0;
        this.expired = false;
        this.sending = null;
        this.sendLater = this.debounced(() => this.send(), TYPING_DELAY);
    }

    start() {
        this.nameLineInAddress();
        const status = this.el.querySelector(".cap-save[role=status]");
        this.mirrorStatus(status.innerHTML, status.className);
        const draft = this.store.get(this.line);
        if (draft) {
            const {values} = draft;
            const chosen = typeof values.level === "number" ? {na_reason: ""} : {};
            this.showAnswer({...this.readForm(), ...chosen, ...values});
            this.base = draft.base;
        }
        this.showReasonError(false);
        if (this.store.all().length) {
            this.send();
        }
    }

    /** A reload shows this objective again, not the next one left to do. */
    nameLineInAddress() {
        const {pathname, hash} = browser.location;
        if (pathname.endsWith(`/my/cap/${this.evaluation}`)) {
            const address = `${pathname}/${this.line}${hash}`;
            browser.history.replaceState(browser.history.state, "", address);
        }
    }

    destroy() {
        clearTimeout(this.retryTimer);
    }

    // -------------------------------------------------------------- the form

    /** The answer as the form shows it; a blank reason is not an answer yet. */
    readForm() {
        const fields = this.form.elements;
        const text = (name) => fields[name].value.trim();
        const picked = this.form.querySelector("input[name=answer]:checked")?.value;
        const action = this.form.querySelector("input[name=progress_action]:checked");
        const answer = {
            comment: text("comment"),
            progress_action: action ? action.value : false,
            progress_comment: text("progress_comment"),
        };
        if (picked === "na" && text("na_reason")) {
            Object.assign(answer, {level: null, na_reason: text("na_reason")});
        } else if (picked !== undefined && picked !== "na") {
            Object.assign(answer, {level: parseInt(picked), na_reason: ""});
        }
        return answer;
    }

    showAnswer(answer) {
        const fields = this.form.elements;
        for (const name of ["comment", "progress_comment", "na_reason"]) {
            if (name in answer) {
                fields[name].value = answer[name] || "";
            }
        }
        if ("level" in answer || answer.na_reason) {
            this.pick("answer", answer.na_reason ? "na" : answer.level);
        }
        if ("progress_action" in answer) {
            this.pick("progress_action", answer.progress_action);
        }
        if (answer.na_reason) {
            this.form.elements.na_reason.closest("details").open = true;
        }
    }

    pick(name, value) {
        for (const input of this.form.querySelectorAll(`input[name=${name}]`)) {
            input.checked = input.value === String(value);
        }
    }

    /** Keep what differs from the server's answer on the device; true if any. */
    keep() {
        const values = getChanges(this.readForm(), this.base);
        if (!Object.keys(values).length) {
            if (!this.conflicts.has(this.line)) {
                this.store.remove(this.line);
            }
            return false;
        }
        this.refused.delete(this.line);
        const {evaluation, line, base} = this;
        this.store.set({evaluation, line, base, values});
        return true;
    }

    showReasonError(asked) {
        const input = this.form.elements.na_reason;
        const picked = this.form.querySelector("input[name=answer]:checked")?.value;
        const missing = asked && picked === "na" && !input.value.trim();
        const help = this.form.querySelector("#na_reason_error");
        if (missing) {
            input.setAttribute("aria-invalid", "true");
            help.replaceChildren(
                this.clone("[data-cap-icon=stop]"),
                " ",
                this.texts.reason
            );
        } else if (asked || !help.textContent.trim() || picked !== "na") {
            input.removeAttribute("aria-invalid");
            help.replaceChildren();
        }
        return missing;
    }

    // -------------------------------------------------------------- handlers

    onInput(ev) {
        if (ev.currentTarget.name === "na_reason" && ev.currentTarget.value.trim()) {
            this.pick("answer", "na");
        }
        if (ev.currentTarget.name === "progress_comment") {
            this.implyAction();
        }
        if (this.keep()) {
            this.sendLater();
        }
    }

    /** An action is written: that is a yes, unless a choice was made already. */
    implyAction() {
        const {progress_action: action, progress_comment: text} = this.readForm();
        if (text && !action) {
            this.pick("progress_action", "yes");
        }
    }

    onChange(ev) {
        const isReason = ev.currentTarget.name === "na_reason";
        this.showReasonError(isReason);
        if (ev.currentTarget.value === "na") {
            this.form.elements.na_reason.focus();
        }
        if (this.keep()) {
            this.send();
        }
    }

    async onSubmit(ev) {
        if (ev.submitter?.hasAttribute("formaction")) {
            // A button of another module that posts the form elsewhere.
            return;
        }
        ev.preventDefault();
        const url = (ev.submitter?.dataset.url && ev.submitter) || this.getNextButton();
        if (this.showReasonError(true)) {
            this.form.elements.na_reason.focus();
            return;
        }
        await this.leaveFor(url.dataset.url);
    }

    getNextButton() {
        return this.form.querySelector("button[data-url].btn-primary");
    }

    onClick(ev) {
        const action = ev.target.closest("[data-cap-do]")?.dataset.capDo;
        if (action) {
            return this.doAction(action, ev.target);
        }
        const link = ev.target.closest("a[href]");
        const plain = !(ev.ctrlKey || ev.metaKey || ev.shiftKey || link?.target);
        if (link && plain && link.getAttribute("href")[0] === "/" && this.isUnsaved()) {
            ev.preventDefault();
            return this.leaveFor(link.href);
        }
    }

    doAction(action, target) {
        const line = parseInt(target.closest("[data-cap-line]")?.dataset.capLine);
        if (action === "retry") {
            return this.send();
        }
        if (action === "discard") {
            this.store.remove(line);
            this.refused.delete(line);
            this.removeNote(line);
            return this.showOutcome();
        }
        return this.settle(line, action === "keep-mine");
    }

    /** Save what is left, then go; stay when it could not be saved. */
    async leaveFor(url) {
        this.keep();
        await this.send();
        if (!this.isUnsaved()) {
            this.goTo(url);
        } else {
            this.el.querySelector(".cap-notes").scrollIntoView({block: "nearest"});
        }
    }

    goTo(url) {
        browser.location.assign(url);
    }

    onFocus() {
        if (this.expired) {
            this.send();
        }
    }

    onBeforeUnload(ev) {
        if (this.isUnsaved()) {
            ev.preventDefault();
            ev.returnValue = "";
        }
    }

    isUnsaved() {
        return Boolean(this.store.get(this.line)) || this.getPending().length > 0;
    }

    // --------------------------------------------------------------- sending

    /** Send every draft, one after the other; what a call finds under way it follows. */
    async send() {
        clearTimeout(this.retryTimer);
        this.sendLater.cancel();
        while (this.sending) {
            await this.sending;
        }
        if (!this.getPending().length) {
            return this.showOutcome();
        }
        this.sending = this.sendAll();
        try {
            await this.waitFor(this.sending);
        } finally {
            this.sending = null;
        }
    }

    /** The drafts that can be sent: not those waiting for a decision. */
    getPending() {
        return this.store
            .all()
            .filter(({line}) => !this.conflicts.has(line) && !this.refused.has(line));
    }

    async sendAll() {
        this.setStatus("clock", this.texts.saving);
        for (const draft of this.getPending()) {
            try {
                const result = await this.save(draft);
                this.failures = 0;
                this.expired = false;
                this.onAnswered(draft, result);
            } catch (error) {
                if (!this.onFailed(draft, error)) {
                    return;
                }
            }
        }
        this.showOutcome();
    }

    save({evaluation, line, values, base}) {
        const url = `/my/cap/${evaluation}/save`;
        return rpc(url, {line_id: line, values, base}, {silent: true});
    }

    onAnswered(draft, result) {
        if (result.status === "conflict") {
            this.conflicts.set(draft.line, {draft, result});
            return this.showConflict(draft, result);
        }
        this.savedAt = new Date();
        this.settleDraft(draft, result.line);
        this.removeNote(draft.line);
        if (draft.evaluation === this.evaluation) {
            this.showSaved(draft.line, result);
        }
    }

    /** The server has `stored`: forget the draft, but what was typed meanwhile. */
    settleDraft(draft, stored) {
        if (draft.line === this.line) {
            const before = this.readForm();
            const {base, shown} = rebase(before, draft, stored);
            this.base = base;
            this.showAnswer(shown);
            const changes = Object.entries(getChanges(this.readForm(), base));
            if (changes.some(([name, value]) => draft.values[name] !== value)) {
                this.keep();
                this.sendLater();
            } else {
                // At most what the server itself tidied: nothing more to send.
                this.store.remove(this.line);
            }
            return;
        }
        const current = this.store.get(draft.line);
        if (JSON.stringify(current?.values) === JSON.stringify(draft.values)) {
            this.store.remove(draft.line);
        }
    }

    /** Tell whether the next draft can be tried all the same. */
    onFailed(draft, error) {
        if (error instanceof ConnectionLostError) {
            this.showOffline();
        } else if (error.code === EXPIRED_SESSION) {
            this.expired = true;
            this.showNote(this.line, "expired");
            this.setStatus("stop", this.texts.expired, "wait");
        } else if (this.isRefusal(error)) {
            this.refused.set(draft.line, error);
            this.showRefused(draft, error.data?.message || error.message);
            return true;
        } else {
            this.showFailed();
        }
        return false;
    }

    /** The server answered no, and will go on saying no: closed, not allowed, gone. */
    isRefusal(error) {
        const refusals = [
            "UserError",
            "ValidationError",
            "AccessError",
            "MissingError",
        ];
        return (
            error.code === 404 ||
            refusals.some((name) => error.exceptionName === `odoo.exceptions.${name}`)
        );
    }

    retryIn(seconds, tick) {
        clearTimeout(this.retryTimer);
        tick?.(seconds);
        this.retryTimer = this.waitForTimeout(() => {
            if (seconds <= 1) {
                this.send();
            } else {
                this.retryIn(seconds - 1, tick);
            }
        }, 1000);
    }

    // -------------------------------------------------------------- conflicts

    /** Keep mine or theirs, for the fields both changed; the rest of mine is sent. */
    async settle(line, mine) {
        const {draft, result} = this.conflicts.get(line);
        this.conflicts.delete(line);
        this.removeNote(line);
        const values = {...(this.store.get(line) || draft).values};
        if (!mine) {
            this.takeTheirs(line, values, result);
        }
        // Only what was shown is decided: another field of theirs would be asked next.
        const base = {...draft.base};
        for (const name of withPair(result.fields)) {
            base[name] = result.line[name];
        }
        if (line === this.line) {
            this.base = base;
        }
        if (Object.keys(values).length) {
            this.store.set({...draft, values, base});
        } else {
            this.store.remove(line);
            this.updateRow(line, result.line);
        }
        await this.send();
    }

    takeTheirs(line, values, result) {
        const theirs = withPair(result.fields);
        const shown = {};
        for (const name of theirs) {
            delete values[name];
            shown[name] = result.line[name];
        }
        if (line === this.line) {
            this.showAnswer(shown);
        }
    }

    showConflict(draft, result) {
        const note = this.clone("[data-cap-note=conflict]");
        const [mine, theirs] = ["mine", "theirs"].map((side) =>
            note.querySelector(`[data-cap-side=${side}]`)
        );
        const {texts} = this;
        const answer = {...draft.base, ...draft.values};
        const theirTime = this.formatTime(
            new Date(`${result.date.replace(" ", "T")}Z`)
        );
        mine.firstElementChild.textContent = this.fill(texts.mine, {
            time: this.formatTime(new Date()),
        });
        theirs.firstElementChild.textContent = `${result.author}, ${theirTime}`;
        mine.append(...this.renderSide(answer, result.fields));
        theirs.append(...this.renderSide(result.line, result.fields));
        const name = result.author.split(" ")[0];
        note.querySelector("[data-cap-do=keep-mine]").textContent = this.getButtonText(
            answer,
            result,
            texts.keepMine,
            texts.keepMyText,
            name
        );
        note.querySelector("[data-cap-do=keep-theirs]").textContent =
            this.getButtonText(
                result.line,
                result,
                texts.keepTheirs,
                texts.keepTheirText,
                name
            );
        this.placeNote(draft.line, note);
    }

    getButtonText(answer, result, withValue, withText, name) {
        const aboutLevel = result.fields.some((f) =>
            ["level", "na_reason"].includes(f)
        );
        const value = answer.na_reason ? this.texts.notApplicable : answer.level;
        const known = aboutLevel && value !== null && value !== undefined;
        return this.fill(known ? withValue : withText, {value, name});
    }

    renderSide(answer, fields) {
        const parts = [];
        const quote = (text) => {
            const p = document.createElement("p");
            p.className = "small mt-1 cap-quote";
            p.textContent = text
                ? this.fill(this.texts.quote, {text})
                : this.texts.nothing;
            parts.push(p);
        };
        if (fields.includes("level") || fields.includes("na_reason")) {
            parts.push(this.renderChip(answer));
            if (answer.na_reason) {
                quote(answer.na_reason);
            }
        }
        for (const name of ["comment", "progress_comment"]) {
            if (fields.includes(name)) {
                quote(answer[name]);
            }
        }
        if (fields.includes("progress_action")) {
            const words = {yes: this.texts.progressYes, no: this.texts.progressNo};
            quote(words[answer.progress_action]);
        }
        return parts;
    }

    renderChip(answer) {
        if (typeof answer.level === "number") {
            return this.clone(`[data-cap-chip="${answer.level}"]`);
        }
        const chip = document.createElement("span");
        const na = Boolean(answer.na_reason);
        chip.className = `cap-chip cap-chip--${na ? "na" : "none"}`;
        chip.textContent = na ? this.texts.notApplicable : this.texts.todo;
        return chip;
    }

    // ----------------------------------------------------------- what it says

    showOutcome() {
        if (this.conflicts.size) {
            this.setStatus("people", this.texts.conflict, "wait");
        } else if (this.refused.size) {
            this.setStatus("stop", this.texts.refused, "stop");
        } else if (this.savedAt && !this.store.all().length) {
            this.removeNote(this.line);
            const time = this.formatTime(this.savedAt);
            this.setStatus("ok", this.fill(this.texts.saved, {time}));
        }
    }

    showOffline() {
        const count = this.store.all().length;
        const text = count > 1 ? this.texts.offline : this.texts.offlineOne;
        this.setStatus("offline", this.fill(text, {count}), "wait");
        this.retryIn(RETRY_SECONDS);
    }

    showFailed() {
        this.failures++;
        if (this.failures >= LASTING_FAILURES) {
            const count = this.store.all().length;
            const note = this.showNote(this.line, "lasting");
            note.querySelector("h2").textContent = this.fill(
                count > 1 ? this.texts.lasting : this.texts.lastingOne,
                {count}
            );
        }
        this.retryIn(RETRY_SECONDS, (seconds) =>
            this.setStatus("stop", this.fill(this.texts.failed, {seconds}), "stop")
        );
    }

    showRefused(draft, message) {
        const note = this.showNote(draft.line, "refused");
        note.querySelector("h2 + p").textContent = message;
        const kept = note.querySelector(".cap-refused-text");
        kept.append(...this.renderSide(draft.values, Object.keys(draft.values)));
    }

    showSaved(line, result) {
        this.updateRow(line, result.line);
        const done = (text) => this.fill(text, result);
        const total = this.el.querySelector(".cap-total strong");
        if (total) {
            total.textContent = done(this.texts.count);
        }
        const current = this.el.querySelector(
            `.cap-objectives [data-line-id="${line}"]`
        );
        const node = this.el.querySelector(".cap-rail a[aria-current]");
        if (current && node) {
            this.updateGroup(node, result.subtheme);
        }
    }

    updateGroup(node, {scored, applicable}) {
        const share = applicable ? (100 * scored) / applicable : 100;
        node.querySelector(".cap-count").textContent = `${scored}/${applicable}`;
        node.querySelector(".cap-done").textContent = scored === applicable ? "✓ " : "";
        node.querySelector(".cap-bar > span").style.width = `${share}%`;
        const rows = this.el.querySelectorAll(".cap-objectives > li").length;
        const todo = applicable - scored;
        this.el.querySelector(".cap-siblings").textContent = this.fill(
            this.texts.siblings,
            {done: rows - todo, todo}
        );
    }

    updateRow(line, answer) {
        const row = this.el.querySelector(`.cap-objectives [data-line-id="${line}"]`);
        row?.querySelector(":scope > .cap-chip")?.replaceWith(this.renderChip(answer));
    }

    // ------------------------------------------------------------------ pieces

    clone(selector) {
        const template = this.el.querySelector(`template${selector}`);
        return template.content.firstElementChild.cloneNode(true);
    }

    fill(text, values) {
        return text.replace(/\{(\w+)\}/g, (_match, name) => values[name]);
    }

    formatTime(date) {
        const two = (number) => String(number).padStart(2, "0");
        return this.fill(this.texts.time, {
            hours: two(date.getHours()),
            minutes: two(date.getMinutes()),
        });
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
    setStatus(icon, text, tone = "") {
        const status = this.el.querySelector(".cap-save[role=status]");
        const className = `cap-save mb-1 ${tone ? `cap-save--${tone}` : ""}`.trim();
        if (this.statusText !== text) {
            this.statusText = text;
            status.className = className;
            status.replaceChildren(this.clone(`[data-cap-icon=${icon}]`), ` ${text}`);
            this.mirrorStatus(status.innerHTML, className);
        }
    }

    mirrorStatus(html, className) {
        const foot = this.el.querySelector(".cap-foot .cap-save");
        if (foot) {
            foot.innerHTML = html; // our own status, already escaped
            foot.className = className.replace("mb-1", "").trim();
        }
    }
}

registry.category("public.interactions").add("cap_evaluation.answer", CapAnswer);
