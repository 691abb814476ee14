import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { createSharedWork, orAborted } from "../../../provider/util/abort.ts";
import { systemClock } from "../../../provider/util/clock.ts";

const never = new Promise<never>(() => undefined);
const aborted = () => {
  throw new Error("aborted");
};

describe("a wait that a signal can end", () => {
  it("has the result of the work, or its error", async () => {
    const { signal } = new AbortController();
    assert.equal(await orAborted(Promise.resolve(1), signal, aborted), 1);
    assert.equal(await orAborted(Promise.resolve(1), undefined, aborted), 1);
    await assert.rejects(orAborted(Promise.reject(new Error("no")), signal, aborted), /no/);
  });

  it("ends when the signal aborts, and at once when it has aborted", async () => {
    const aborting = new AbortController();
    const waiting = orAborted(never, aborting.signal, aborted);
    aborting.abort();
    await assert.rejects(waiting, /aborted/);
    await assert.rejects(orAborted(never, aborting.signal, aborted), /aborted/);
    assert.equal(await orAborted<number>(never, aborting.signal, () => 2), 2);
  });

  it("leaves a failure of the work that comes later to nobody", async () => {
    const { promise: work, reject } = Promise.withResolvers<never>();
    await assert.rejects(orAborted(work, AbortSignal.abort(), aborted), /aborted/);
    reject(new Error("late"));
    await setImmediate();
  });

  it("may be one of hundreds with the same signal, without a warning of Node's", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => void warnings.push(warning);
    process.on("warning", note);
    const aborting = new AbortController();
    const { signal } = aborting;
    const work = createSharedWork(() => never);
    const waits = Array.from({ length: 300 }, () => [
      systemClock.sleep(60_000, signal),
      orAborted<void>(never, signal, () => undefined),
      work.join(signal, () => undefined as never),
    ]);
    aborting.abort();
    await Promise.all(waits.flat());
    await setImmediate();
    process.off("warning", note);
    assert.deepEqual(warnings, []);
  });
});

describe("shared work", () => {
  /** Work that the test ends; counts how often it was begun and ended by its signal. */
  function sharedWork() {
    const runs: { readonly signal: AbortSignal; readonly finish: (value: string) => void }[] = [];
    const work = createSharedWork((signal) => {
      const { promise, resolve } = Promise.withResolvers<string>();
      runs.push({ signal, finish: resolve });
      return promise;
    });
    return { work, runs };
  }

  it("is begun once for all who wait, and anew for who comes after its end", async () => {
    const { work, runs } = sharedWork();
    const waiting = [work.join(undefined, aborted), work.join(undefined, aborted)];
    runs[0]?.finish("first");
    assert.deepEqual(await Promise.all(waiting), ["first", "first"]);
    const later = work.join(undefined, aborted);
    runs[1]?.finish("second");
    assert.equal(await later, "second");
    assert.equal(runs.length, 2);
  });

  it("goes on while one still waits, and is ended with the last", async () => {
    const { work, runs } = sharedWork();
    const [first, second] = [new AbortController(), new AbortController()];
    const waiting = [work.join(first.signal, aborted), work.join(second.signal, aborted)];
    for (const each of waiting) each.catch(() => undefined);
    first.abort();
    await assert.rejects(waiting[0] as Promise<string>, /aborted/);
    assert.equal(runs[0]?.signal.aborted, false);
    second.abort();
    await assert.rejects(waiting[1] as Promise<string>, /aborted/);
    assert.equal(runs[0]?.signal.aborted, true);
  });

  it("is begun anew for who comes after everybody has gone", async () => {
    const { work, runs } = sharedWork();
    const aborting = new AbortController();
    const gone = work.join(aborting.signal, aborted);
    aborting.abort();
    await assert.rejects(gone, /aborted/);
    const next = work.join(undefined, aborted);
    runs[1]?.finish("new");
    assert.equal(await next, "new");
  });

  it("is not begun for a signal that has aborted", async () => {
    const { work, runs } = sharedWork();
    await assert.rejects(work.join(AbortSignal.abort(), aborted), /aborted/);
    assert.equal(runs.length, 0);
  });

  it("gives its error to all who wait, and is begun anew after it", async () => {
    let fails = true;
    const work = createSharedWork(async () => {
      if (fails) throw new Error("no");
      return "yes";
    });
    await Promise.all([1, 2].map(() => assert.rejects(work.join(undefined, aborted), /no/)));
    fails = false;
    assert.equal(await work.join(undefined, aborted), "yes");
  });
});
