import {REMARKS, TEXTS, readSeen} from "../common/answer";

/** The form of one objective: the answer it shows, and the one the server has. */
export class LineForm {
    /** @param {HTMLFormElement} el with its line in `data-line`, what is stored in `base` */
    constructor(el) {
        this.el = el;
        this.line = parseInt(el.dataset.line);
        this.base = readSeen(JSON.parse(el.elements.base.value));
    }

    get picked() {
        return this.el.querySelector("input[name=answer]:checked")?.value;
    }

    /** The answer as it is shown; a blank reason is not an answer yet. */
    read() {
        const text = (name) => this.el.elements[name].value.trim();
        const action = this.el.querySelector("input[name=progress_action]:checked");
        const answer = {progress_action: action ? action.value : ""};
        for (const name of REMARKS) {
            answer[name] = text(name);
        }
        const {picked} = this;
        if (picked !== "na") {
            const level = picked === undefined ? null : parseInt(picked);
            return {...answer, level, na_reason: ""};
        }
        const reason = text("na_reason");
        return reason ? {...answer, level: null, na_reason: reason} : answer;
    }

    /** What was picked or typed since the page was drawn, before any script ran. */
    readTouched() {
        const isTouched = (control) =>
            control.type === "radio"
                ? control.checked !== control.defaultChecked
                : control.value !== control.defaultValue;
        const names = new Set();
        for (const control of this.el.querySelectorAll("input, textarea")) {
            if (isTouched(control)) {
                names.add(control.name);
            }
        }
        if (names.has("answer") || names.has("na_reason")) {
            names.add("level").add("na_reason");
        }
        const entries = Object.entries(this.read());
        return Object.fromEntries(entries.filter(([name]) => names.has(name)));
    }

    show(answer) {
        for (const name of TEXTS) {
            if (name in answer) {
                this.el.elements[name].value = answer[name] || "";
            }
        }
        if ("level" in answer || answer.na_reason) {
            this.pick("answer", answer.na_reason ? "na" : answer.level);
        }
        if ("progress_action" in answer) {
            this.pick("progress_action", answer.progress_action);
        }
        if (answer.na_reason) {
            this.el.elements.na_reason.closest("details").open = true;
        }
    }

    pick(name, value) {
        for (const input of this.el.querySelectorAll(`input[name=${name}]`)) {
            input.checked = input.value === String(value);
        }
    }

    /** Take the choices back; what was written stays. */
    erase() {
        this.show({level: null, na_reason: "", progress_action: ""});
    }

    /** An action is written: that is a yes, unless a choice was made already. */
    implyAction() {
        const {progress_action: action, progress_comment: text} = this.read();
        if (text && !action) {
            this.pick("progress_action", "yes");
        }
    }

    /** Tell whether "not applicable" is picked without its reason. */
    isReasonMissing() {
        return this.picked === "na" && !this.el.elements.na_reason.value.trim();
    }

    /** Say under the reason that it is missing, or no more. */
    showReasonError(message) {
        const input = this.el.elements.na_reason;
        const help = this.el.querySelector("[id=na_reason_error]");
        if (message) {
            input.setAttribute("aria-invalid", "true");
        } else {
            input.removeAttribute("aria-invalid");
        }
        help.replaceChildren(...(message || []));
    }
}
