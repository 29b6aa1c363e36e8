/**
 * One answer, as `kernel/answer.py` reads and merges it: the only list of its keys here.
 * No DOM, no server.
 */
export const EMPTY = {
    level: null,
    na_reason: "",
    comment: "",
    progress_action: "",
    progress_comment: "",
};

export const KEYS = Object.keys(EMPTY);
/** What is written; the first one is why there is no level, the others are remarks. */
export const TEXTS = ["na_reason", "comment", "progress_comment"];
export const REMARKS = TEXTS.slice(1);

/** What is decided together: whoever changed one of a group changed the group. */
const GROUPS = [
    ["level", "na_reason"],
    ["comment"],
    ["progress_action"],
    ["progress_comment"],
];

/** A whole answer from what was kept of one; older drafts say "no choice" with false. */
export function readSeen(raw) {
    const seen = {...EMPTY};
    for (const key of KEYS) {
        const value = raw?.[key];
        seen[key] = value === false || value === undefined ? EMPTY[key] : value;
    }
    return seen;
}

/** What differs between two answers: the fields a person changed. */
export function getChanges(answer, base) {
    const changes = {};
    for (const key of KEYS) {
        if (key in answer && answer[key] !== base[key]) {
            changes[key] = answer[key];
        }
    }
    // Level and reason are one answer: the server empties the other. Both empty: it is
    // taken back, which is said in full.
    if (typeof changes.level === "number") {
        delete changes.na_reason;
    } else if (changes.na_reason) {
        delete changes.level;
    } else if ("level" in changes || "na_reason" in changes) {
        Object.assign(changes, {level: null, na_reason: ""});
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
    for (const names of GROUPS) {
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
