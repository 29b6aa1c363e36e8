/**
 * Answers that are not saved yet, kept on this device (localStorage) until they are.
 *
 * A draft is `{evaluation, line, values, base}`: `values` holds the fields this person
 * changed, `base` the whole answer as it was when they began. Drafts are per user and
 * line: nobody sends another person's text from a shared computer.
 */
export class AnswerStore {
    /**
     * @param {Storage} storage
     * @param {string} prefix of the keys, with the user's id in it
     */
    constructor(storage, prefix) {
        this.storage = storage;
        this.prefix = prefix;
        this.memory = new Map(); // where the browser refuses localStorage
    }

    key(line) {
        return this.prefix + line;
    }

    set(draft) {
        const key = this.key(draft.line);
        const text = JSON.stringify(draft);
        this.memory.set(key, text);
        try {
            this.storage.setItem(key, text);
        } catch {
            // Full or forbidden: kept in memory as long as the page is open.
        }
    }

    get(line) {
        return this.parse(this.read(this.key(line)));
    }

    remove(line) {
        const key = this.key(line);
        this.memory.delete(key);
        try {
            this.storage.removeItem(key);
        } catch {
            // Nothing was kept there.
        }
    }

    /** All the drafts of this user, the oldest line first. */
    all() {
        const keys = new Set(this.memory.keys());
        try {
            for (let index = 0; index < this.storage.length; index++) {
                keys.add(this.storage.key(index));
            }
        } catch {
            // Memory only.
        }
        return [...keys]
            .filter((key) => key.startsWith(this.prefix))
            .map((key) => this.parse(this.read(key)))
            .filter(Boolean)
            .sort((one, other) => one.line - other.line);
    }

    read(key) {
        try {
            return this.storage.getItem(key) ?? this.memory.get(key);
        } catch {
            return this.memory.get(key);
        }
    }

    parse(text) {
        try {
            const draft = JSON.parse(text);
            return draft && draft.line && draft.evaluation && draft.values
                ? draft
                : null;
        } catch {
            return null;
        }
    }
}

const KEYS = ["level", "na_reason", "comment", "progress_action", "progress_comment"];

/** What differs between two answers: the fields a person changed. */
export function getChanges(answer, base) {
    const changes = {};
    for (const key of KEYS) {
        if (key in answer && answer[key] !== base[key]) {
            changes[key] = answer[key];
        }
    }
    // Level and reason are one answer: the server empties the other.
    if (typeof changes.level === "number") {
        delete changes.na_reason;
    } else if (changes.na_reason) {
        delete changes.level;
    }
    return changes;
}

/** The given fields; level and reason, being one answer, come together. */
export function withPair(fields) {
    const names = new Set(fields);
    if (names.has("level") || names.has("na_reason")) {
        names.add("level").add("na_reason");
    }
    return names;
}

/**
 * After `draft` was saved as `stored`: what the page now stands on.
 *
 * Another person's change of a field that this one left alone is taken and shown. Where
 * this one is writing meanwhile, the old base stays: the next save tells the conflict.
 *
 * @param {Object} form the answer as the page shows it now
 * @returns {{base: Object, shown: Object}}
 */
export function rebase(form, draft, stored) {
    const base = {...draft.base};
    const shown = {};
    const sent = withPair(Object.keys(draft.values));
    const untouched = (name) => !(name in form) || form[name] === draft.base[name];
    for (const names of [
        ["level", "na_reason"],
        ["comment"],
        ["progress_action"],
        ["progress_comment"],
    ]) {
        const isSent = sent.has(names[0]);
        if (!isSent && !names.every(untouched)) {
            continue;
        }
        for (const name of names) {
            base[name] = stored[name];
            if (!isSent && stored[name] !== draft.base[name]) {
                shown[name] = stored[name];
            }
        }
    }
    return {base, shown};
}
