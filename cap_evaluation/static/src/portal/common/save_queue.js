/**
 * Sends drafts, one after the other, until the server has each of them. No DOM.
 *
 * `send(draft)` resolves to an outcome, whose `status` is one of:
 *
 * - `saved`: the server has it (and `line`, the answer as it is stored)
 * - `conflict`: somebody else wrote meanwhile: it waits for a decision
 * - `refused`: the server will go on saying no: it waits to be removed
 * - `failed`: the server failed: tried again after the others, then every ten seconds
 * - `offline`, `expired`: nobody is there: all wait, tried again later
 *
 * `on[status](draft, outcome)` is called for each; `on.sending()` before a round,
 * `on.waiting(seconds)` while a failure waits for its next try, `on.done()` after a round
 * that was not cut.
 */
export const RETRY_SECONDS = 10;
export const LASTING_FAILURES = 3;

export class SaveQueue {
    constructor(store, send, on) {
        this.store = store;
        this.sendDraft = send;
        this.on = on;
        this.conflicts = new Map();
        this.refused = new Map();
        this.failures = new Map();
        this.expired = false;
        this.round = null;
        this.timer = null;
    }

    /** The drafts that can be sent, those that failed already last. */
    getPending() {
        const rank = ({line}) => this.failures.get(line) || 0;
        return this.store
            .all()
            .filter(({line}) => !this.conflicts.has(line) && !this.refused.has(line))
            .sort((one, other) => rank(one) - rank(other));
    }

    /** Those that the server failed to take, time after time: they hold nobody up. */
    isLasting(line) {
        return (this.failures.get(line) || 0) >= LASTING_FAILURES;
    }

    /** Whether something is on its way, that leaving the page would stop. */
    isBusy() {
        return this.getPending().some(({line}) => !this.isLasting(line));
    }

    /** A line is written on again: what was refused before says nothing of it. */
    forget(line) {
        this.refused.delete(line);
        this.failures.delete(line);
    }

    /** Give a draft up, at the person's word. */
    discard(line) {
        this.store.remove(line);
        this.forget(line);
    }

    /** The conflict on a line, taken out to be settled. */
    takeConflict(line) {
        const conflict = this.conflicts.get(line);
        this.conflicts.delete(line);
        return conflict;
    }

    /** Send every draft; a call made meanwhile waits for this round, then does its own. */
    async flush() {
        this.stop();
        while (this.round) {
            await this.round;
        }
        if (!this.getPending().length) {
            return this.on.done();
        }
        this.round = this.sendAll();
        try {
            await this.round;
        } finally {
            this.round = null;
        }
    }

    async sendAll() {
        this.on.sending();
        let failed = null;
        for (const draft of this.getPending()) {
            const outcome = await this.sendDraft(draft);
            if (["offline", "expired"].includes(outcome.status)) {
                this.expired = outcome.status === "expired";
                this.on[outcome.status](draft, outcome);
                return this.expired ? null : this.retry();
            }
            this.expired = false;
            this.sort(draft, outcome);
            failed = outcome.status === "failed" ? draft : failed;
        }
        if (failed) {
            return this.retry((seconds) => this.on.waiting(seconds));
        }
        this.on.done();
    }

    sort(draft, outcome) {
        const {line} = draft;
        const failures = this.failures.get(line) || 0;
        this.failures.delete(line);
        if (outcome.status === "conflict") {
            this.conflicts.set(line, {draft, outcome});
        } else if (outcome.status === "refused") {
            this.refused.set(line, outcome);
        } else if (outcome.status === "failed") {
            this.failures.set(line, failures + 1);
        }
        this.on[outcome.status](draft, outcome);
    }

    retry(tick) {
        let seconds = RETRY_SECONDS;
        const step = () => {
            tick?.(seconds);
            this.timer = setTimeout(() => {
                seconds--;
                return seconds > 0 ? step() : this.flush();
            }, 1000);
        };
        step();
    }

    stop() {
        clearTimeout(this.timer);
    }
}
