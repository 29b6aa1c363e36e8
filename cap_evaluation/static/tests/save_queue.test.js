import {describe, expect, test} from "@odoo/hoot";
import {advanceTime} from "@odoo/hoot-dom";
import {DraftStore} from "@cap_evaluation/portal/common/draft_store";
import {SaveQueue} from "@cap_evaluation/portal/common/save_queue";

describe.current.tags("headless");

/** A storage of this test's own. */
function makeStorage() {
    const items = new Map();
    return {
        getItem: (key) => items.get(key) ?? null,
        setItem: (key, text) => items.set(key, text),
        removeItem: (key) => items.delete(key),
        key: (index) => [...items.keys()][index],
        get length() {
            return items.size;
        },
    };
}

/** A queue on lines 1, 2, 3; `answers[line]` is what the server says of each. */
function makeQueue(answers = {}) {
    const store = new DraftStore(makeStorage(), "test/");
    const told = [];
    const calls = [];
    const send = async ({line}) => {
        calls.push(line);
        return {status: answers[line] || answers.all || "saved"};
    };
    const on = {
        sending: () => told.push("sending"),
        waiting: (seconds) => told.push(`waiting ${seconds}`),
        done: () => told.push("done"),
    };
    for (const status of [
        "saved",
        "conflict",
        "refused",
        "failed",
        "offline",
        "expired",
    ]) {
        on[status] = ({line}) => {
            told.push(`${status} ${line}`);
            if (status === "saved") {
                store.remove(line);
            }
        };
    }
    for (const line of [1, 2, 3]) {
        store.set({evaluation: 4, line, base: {}, values: {level: line}});
    }
    return {queue: new SaveQueue(store, send, on), store, told, calls, answers};
}

test("sends each draft in order, once", async () => {
    const {queue, store, told} = makeQueue();
    await queue.flush();
    expect(told).toEqual(["sending", "saved 1", "saved 2", "saved 3", "done"]);
    expect(store.all()).toEqual([]);
    expect(queue.isBusy()).toBe(false);
});

test("a second call waits for the round under way", async () => {
    const {queue, calls} = makeQueue();
    await Promise.all([queue.flush(), queue.flush()]);
    expect(calls).toEqual([1, 2, 3]);
});

test("a conflict and a refusal wait, the others go", async () => {
    const {queue, told, calls} = makeQueue({1: "conflict", 2: "refused"});
    await queue.flush();
    expect(told.slice(1)).toEqual(["conflict 1", "refused 2", "saved 3", "done"]);
    await queue.flush();
    expect(calls).toEqual([1, 2, 3]);
    expect(queue.takeConflict(1).draft.values).toEqual({level: 1});
    queue.discard(2);
    expect(queue.getPending().map(({line}) => line)).toEqual([1]);
});

test("without network nothing more is tried until ten seconds later", async () => {
    const {queue, calls, answers} = makeQueue({all: "offline"});
    await queue.flush();
    expect(calls).toEqual([1]);
    answers.all = "saved";
    await advanceTime(9000);
    expect(calls).toEqual([1]);
    await advanceTime(1500);
    expect(calls).toEqual([1, 1, 2, 3]);
});

test("an expired session waits for its person", async () => {
    const {queue, calls} = makeQueue({all: "expired"});
    await queue.flush();
    await advanceTime(60000);
    expect(calls).toEqual([1]);
    expect(queue.expired).toBe(true);
});

test("what fails is tried after the others, and after three times holds nobody", async () => {
    const {queue, calls, told} = makeQueue({1: "failed"});
    await queue.flush();
    expect(calls).toEqual([1, 2, 3]);
    expect(told.at(-1)).toBe("waiting 10");
    expect(queue.isBusy()).toBe(true);
    await advanceTime(10500);
    await advanceTime(10500);
    expect(calls).toEqual([1, 2, 3, 1, 1]);
    expect(queue.isLasting(1)).toBe(true);
    expect(queue.isBusy()).toBe(false);
    queue.stop();
    await advanceTime(60000);
    expect(calls).toHaveLength(5);
});
