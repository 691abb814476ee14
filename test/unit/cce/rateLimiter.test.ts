import assert from "node:assert/strict";
import fc from "fast-check";
import { createRateLimiter } from "../../../provider/cce/rateLimiter.ts";
import { VirtualClock } from "../../support/lifecycle/virtualClock.ts";

const window = 60_000;

/** Lets callers in that arrive so many milliseconds after each other; answers who was let through when. */
async function play(count: number, gaps: readonly number[], refusals: ReadonlySet<number> = new Set()) {
  const clock = new VirtualClock();
  const begun = clock.now();
  const limiter = createRateLimiter(count, window, clock);
  const passed: { readonly caller: number; readonly at: number }[] = [];
  const callers: Promise<void>[] = [];
  for (const [caller, gap] of gaps.entries()) {
    if (gap > 0) await clock.sleep(gap);
    if (refusals.has(caller)) limiter.slowDown(1000);
    const entering = limiter.enter().then(() => {
      passed.push({ caller, at: clock.now() - begun });
    });
    callers.push(entering);
  }
  await Promise.all(callers);
  return passed;
}

describe("a limiter, whenever its callers arrive", () => {
  const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40_000 })), { maxLength: 25 });
  const count = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(0.5, 2.5));

  it("lets no more than the count through in any window, refusals or not", async () => {
    await fc.assert(
      fc.asyncProperty(count, gaps, fc.array(fc.nat(24)), async (most, arrivals, refused) => {
        const passed = await play(most, arrivals, new Set(refused));
        const whole = Math.max(1, Math.floor(most));
        const span = (window * whole) / most;
        for (const [index, { at }] of passed.entries()) {
          const next = passed[index + whole];
          assert.ok(next === undefined || next.at - at >= span - 0.001, `${at} and ${next?.at}`);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("lets everybody through in the order of their coming", async () => {
    await fc.assert(
      fc.asyncProperty(count, gaps, async (most, arrivals) => {
        const order = (await play(most, arrivals)).map(({ caller }) => caller);
        assert.deepEqual(order, [...arrivals.keys()]);
      }),
      { numRuns: 200 },
    );
  });

  it("holds nobody back while there are free places", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), async (most) => {
        const passed = await play(most, Array<number>(most).fill(0));
        assert.ok(passed.every(({ at }) => at === 0));
      }),
      { numRuns: 10 },
    );
  });

  it("takes no notice of a wall clock that is set back", async () => {
    const clock = new VirtualClock();
    const limiter = createRateLimiter(1, window, clock);
    await limiter.enter();
    clock.setWall(clock.now() - 60 * window);
    const before = clock.monotonic();
    await limiter.enter();
    assert.equal(clock.monotonic() - before, window);
  });

  it("lets one who is interrupted go though others are before it, and counts nothing for it", async () => {
    const clock = new VirtualClock();
    const limiter = createRateLimiter(1, window, clock);
    const interrupt = new AbortController();
    await limiter.enter();
    const first = limiter.enter();
    const second = limiter.enter(interrupt.signal);
    const third = limiter.enter();
    const begun = clock.monotonic();
    interrupt.abort();
    await second;
    assert.equal(clock.monotonic(), begun);
    await first;
    assert.equal(clock.monotonic(), window);
    await third;
    assert.equal(clock.monotonic(), 2 * window);
  });

  it("lets those who wait go when the user interrupts", async () => {
    const clock = new VirtualClock();
    const begun = clock.now();
    const limiter = createRateLimiter(1, window, clock);
    const interrupt = new AbortController();
    await limiter.enter(interrupt.signal);
    const waiting = [limiter.enter(interrupt.signal), limiter.enter(interrupt.signal)];
    interrupt.abort();
    await Promise.all(waiting);
    assert.equal(clock.now(), begun);
  });
});
