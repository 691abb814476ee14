import assert from "node:assert/strict";
import { createRateLimiter } from "../../../provider/cce/rateLimiter.ts";
import { type Wait, waitUntil } from "../../../provider/sync/run/waiter.ts";
import { VirtualClock } from "../../support/lifecycle/virtualClock.ts";

function waitOf(clock: VirtualClock, deadlineAfter: number, more: Partial<Wait> = {}): Wait {
  const end = clock.monotonic() + deadlineAfter;
  return {
    clock,
    deadline: { at: () => end },
    interrupted: new AbortController().signal,
    interval: 5000,
    random: () => 0,
    ...more,
  };
}

describe("a wait", () => {
  it("looks at once, then after 5, 7.5, 11.25 and 15 seconds, and every 15 from then on", async () => {
    const clock = new VirtualClock();
    let looks = 0;
    await waitUntil(waitOf(clock, 3_600_000), async () => {
      looks += 1;
      return looks > 6 ? "seen" : undefined;
    });
    assert.deepEqual(clock.pauses, [5000, 7500, 11_250, 15_000, 15_000, 15_000]);
  });

  it("looks at the first interval again while the end is near", async () => {
    const clock = new VirtualClock();
    let looks = 0;
    const endsSoon = () => looks === 4 || looks === 5;
    await waitUntil(waitOf(clock, 3_600_000, { endsSoon }), async () => {
      looks += 1;
      return looks > 6 ? "seen" : undefined;
    });
    assert.deepEqual(clock.pauses, [5000, 7500, 11_250, 5000, 5000, 7500]);
  });

  it("makes each pause up to 10 % longer at random", async () => {
    const clock = new VirtualClock();
    let looks = 0;
    await waitUntil(waitOf(clock, 3_600_000, { random: () => 1 }), async () => {
      looks += 1;
      return looks > 1 ? "seen" : undefined;
    });
    assert.deepEqual(clock.pauses, [5500]);
  });

  it("ends with what the first look sees, without a pause", async () => {
    const clock = new VirtualClock();
    assert.deepEqual(await waitUntil(waitOf(clock, 0), async () => 7), { kind: "settled", value: 7 });
    assert.deepEqual(clock.pauses, []);
  });

  it("takes a last look just before the deadline, and is never longer", async () => {
    const clock = new VirtualClock();
    const begun = clock.now();
    const looks: number[] = [];
    const outcome = await waitUntil(waitOf(clock, 14_000), async () => {
      looks.push(clock.now() - begun);
      return undefined;
    });
    assert.deepEqual(outcome, { kind: "timedOut" });
    assert.deepEqual(looks, [0, 5000, 12_500, 13_000]);
  });

  it("looks once when the deadline is shorter than one pause", async () => {
    const clock = new VirtualClock();
    let looks = 0;
    const outcome = await waitUntil(waitOf(clock, 500), async () => {
      looks += 1;
      return undefined;
    });
    assert.deepEqual([outcome.kind, looks], ["timedOut", 1]);
  });

  it("ends at once when it is interrupted in the middle of a pause", async () => {
    const clock = new VirtualClock();
    const interrupt = new AbortController();
    const begun = clock.now();
    const outcome = waitUntil(waitOf(clock, 60_000, { interrupted: interrupt.signal }), async () => {
      queueMicrotask(() => interrupt.abort());
      return undefined;
    });
    assert.deepEqual(await outcome, { kind: "interrupted" });
    assert.equal(clock.now(), begun);
  });

  it("goes on when its deadline is moved", async () => {
    const clock = new VirtualClock();
    let end = clock.monotonic() + 6000;
    let looks = 0;
    const outcome = await waitUntil(waitOf(clock, 0, { deadline: { at: () => end } }), async () => {
      looks += 1;
      if (looks === 2) end += 60_000;
      return looks > 3 ? "seen" : undefined;
    });
    assert.equal(outcome.kind, "settled");
  });
});

describe("a limiter", () => {
  it("lets so many through at once, and the next ones as places become free", async () => {
    const clock = new VirtualClock();
    const begun = clock.now();
    const limiter = createRateLimiter(3, 60_000, clock);
    const times = await Promise.all(
      Array.from({ length: 7 }, async () => {
        await limiter.enter();
        return (clock.now() - begun) / 1000;
      }),
    );
    assert.deepEqual(times, [0, 0, 0, 60, 60, 60, 120]);
  });

  it("holds everybody back while the service asks for it, and keeps their order", async () => {
    const clock = new VirtualClock();
    const begun = clock.now();
    const limiter = createRateLimiter(10, 60_000, clock);
    limiter.slowDown(30_000);
    const order: string[] = [];
    const enter = async (name: string) => {
      await limiter.enter();
      order.push(`${name} ${clock.now() - begun}`);
    };
    await Promise.all([enter("a"), enter("b")]);
    assert.deepEqual(order, ["a 30000", "b 30000"]);
  });

  it("may be slower than one in a window", async () => {
    const clock = new VirtualClock();
    const begun = clock.now();
    const limiter = createRateLimiter(0.5, 1000, clock);
    await limiter.enter();
    await limiter.enter();
    assert.equal(clock.now() - begun, 2000);
  });
});
