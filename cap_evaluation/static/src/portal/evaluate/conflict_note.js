import {_t} from "@web/core/l10n/translation";
import {REMARKS} from "../common/answer";

/** What people said, shown and compared, on the page of one objective. */
export class AnswerWords {
    /** @param {(selector: string) => Element} clone a piece of the page */
    constructor(clone) {
        this.clone = clone;
    }

    formatTime(date) {
        const two = (number) => String(number).padStart(2, "0");
        return _t("%(hours)s:%(minutes)s", {
            hours: two(date.getHours()),
            minutes: two(date.getMinutes()),
        });
    }

    renderChip(answer) {
        if (typeof answer.level === "number") {
            const chip = this.clone(`[data-cap-chip="${answer.level}"]`);
            if (chip) {
                return chip;
            }
        }
        const chip = document.createElement("span");
        const na = Boolean(answer.na_reason);
        chip.className = `cap-chip cap-chip--${na ? "na" : "none"}`;
        chip.textContent = na ? _t("Not applicable") : _t("To do");
        return chip;
    }

    quote(text) {
        const quote = document.createElement("p");
        quote.className = "small mt-1 cap-quote";
        quote.textContent = text ? _t("“%(text)s”", {text}) : _t("nothing");
        return quote;
    }

    /** The given fields of an answer, as elements. */
    render(answer, fields) {
        const parts = [];
        if (fields.includes("level") || fields.includes("na_reason")) {
            parts.push(this.renderChip(answer));
            if (answer.na_reason) {
                parts.push(this.quote(answer.na_reason));
            }
        }
        for (const name of REMARKS) {
            if (fields.includes(name)) {
                parts.push(this.quote(answer[name]));
            }
        }
        if (fields.includes("progress_action")) {
            const words = {yes: _t("Yes, create an action"), no: _t("No, not now")};
            parts.push(this.quote(words[answer.progress_action]));
        }
        return parts;
    }

    /** The note of a conflict: both answers, and two equal buttons. */
    renderConflict(draft, outcome) {
        const note = this.clone("[data-cap-note=conflict]");
        for (const text of note.querySelectorAll("[data-cap-who]")) {
            text.hidden = (text.dataset.capWho === "me") !== Boolean(outcome.is_mine);
        }
        const mine = {...draft.base, ...draft.values};
        const author = outcome.is_mine ? _t("You, in another tab") : outcome.author;
        const then = new Date(`${outcome.date.replace(" ", "T")}Z`);
        this.fillSide(note, "mine", mine, outcome.fields, [
            _t("Your choice, %(time)s", {time: this.formatTime(new Date())}),
            this.tellKeepMine(mine, outcome),
        ]);
        this.fillSide(note, "theirs", outcome.line, outcome.fields, [
            `${author}, ${this.formatTime(then)}`,
            this.tellKeepTheirs(outcome),
        ]);
        return note;
    }

    fillSide(note, side, answer, fields, [title, button]) {
        const place = note.querySelector(`[data-cap-side=${side}]`);
        place.firstElementChild.textContent = title;
        place.append(...this.render(answer, fields));
        note.querySelector(`[data-cap-do=keep-${side}]`).textContent = button;
    }

    tellKeepMine(answer, outcome) {
        const value = this.getValue(answer, outcome.fields);
        return value === null
            ? _t("Keep my text")
            : _t("Keep %(value)s, mine", {value});
    }

    tellKeepTheirs(outcome) {
        const value = this.getValue(outcome.line, outcome.fields);
        if (outcome.is_mine) {
            return value === null
                ? _t("Keep the text of the other tab")
                : _t("Keep %(value)s, of the other tab", {value});
        }
        const [name] = outcome.author.split(" ");
        return value === null
            ? _t("Keep %(name)s's text", {name})
            : _t("Keep %(value)s, %(name)s's", {value, name});
    }

    /** What is kept, in a word, where the level or its absence is in question. */
    getValue(answer, fields) {
        if (!fields.includes("level") && !fields.includes("na_reason")) {
            return null;
        }
        return answer.na_reason ? _t("Not applicable") : answer.level;
    }
}
