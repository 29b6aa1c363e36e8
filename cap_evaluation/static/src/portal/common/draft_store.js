import {readSeen} from "./answer";

/**
 * Answers that are not saved yet, kept on this device (localStorage) until they are.
 *
 * A draft is `{evaluation, line, values, base}`: `values` holds the fields this person
 * changed, `base` the whole answer as it was when they began. Drafts are per user and
 * line: nobody sends another person's text from a shared computer.
 */
export class DraftStore {
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
            if (!draft?.line || !draft.evaluation || !draft.values) {
                return null;
            }
            return {...draft, base: readSeen(draft.base)};
        } catch {
            return null;
        }
    }
}
