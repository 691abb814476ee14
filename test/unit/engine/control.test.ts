import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { Control, StoppedError } from "../../../tools/engine/embedded/control.ts";

describe("the control of an operation", () => {
  it("lets as many begin at a time as there are places", async () => {
    const control = new Control(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const runs = [0, 1, 2, 3].map((number) =>
      control.run(() => {
        begun.push(number);
        return new Promise((resolve) => ends.push(resolve));
      }),
    );
    await turn();
    assert.deepEqual(begun, [0, 1]);
    ends[0]?.();
    await turn();
    assert.deepEqual(begun, [0, 1, 2]);
    ends[1]?.();
    ends[2]?.();
    await turn();
    ends[3]?.();
    await Promise.all(runs);
    assert.deepEqual(begun, [0, 1, 2, 3]);
  });

  it("lets nothing begin once it is stopped, and waits for what is under way", async () => {
    const control = new Control(1);
    let end: () => void = () => undefined;
    const running = control.run(() => new Promise((resolve) => (end = resolve)));
    const waiting = assert.rejects(
      control.run(async () => assert.fail("it began")),
      StoppedError,
    );
    control.stop("failed");
    await control.halted;
    let idle = false;
    const idling = control.idle().then(() => {
      idle = true;
    });
    await turn();
    assert.equal(idle, false);
    end();
    await Promise.all([running, waiting, idling]);
  });
});
