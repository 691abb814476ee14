import assert from "node:assert/strict";
import fc from "fast-check";
import {
  classify,
  errorCodeOf,
  type FailureClass,
  isRetryLater,
  isTransient,
  mayHaveBeenAccepted,
  tryRead,
} from "../../../provider/cce/retryPolicy.ts";
import { errorCodes } from "../../../provider/errors/codes.ts";
import {
  ConnectionError,
  InterruptedError,
  ServiceError,
  UserError,
} from "../../../provider/errors/errors.ts";
import { VirtualClock } from "../../support/lifecycle/virtualClock.ts";

const call = "list the nodes";
const answered = (status: number, ...codes: string[]) =>
  new ServiceError({ call, status, codes, errorCode: errorCodeOf(status, codes) });
const silence = (mayHaveArrived: boolean) => new ConnectionError(call, "it broke", { mayHaveArrived });

describe("the retry policy", () => {
  for (const [what, error, read, write] of [
    ["a state that does not allow it (400)", answered(400, "CCE.01400023"), "fatal", "retryLater"],
    ["a state that does not allow it (403)", answered(403, "CCE.01403009"), "fatal", "retryLater"],
    ["such a state in its older code alone", answered(403, "E.CFE.4030002"), "fatal", "retryLater"],
    ["such a state in the second code", answered(403, "E.CFE.4030002", "CCE_CM.0002"), "fatal", "retryLater"],
    ["a conflict", answered(409), "fatal", "retryLater"],
    ["something that exists already", answered(409, "CCE.01409001"), "fatal", "fatal"],
    ["too many requests", answered(429), "transient", "retryLater"],
    ["a locked resource", answered(429, "CCE.01429002"), "transient", "retryLater"],
    ["a quota", answered(403, "CCE.01400007"), "fatal", "fatal"],
    ["an invalid request", answered(400, "CCE.01400001"), "fatal", "fatal"],
    ["refused credentials", answered(401), "credentials", "credentials"],
    ["a missing permission", answered(403, "CCE.01403001"), "fatal", "fatal"],
    ["something that is not there", answered(404), "fatal", "fatal"],
    ["a time-out of the service", answered(408), "transient", "outcomeUnknown"],
    ["a fault of the service", answered(500, "CCE.01500001"), "transient", "outcomeUnknown"],
    ["a time-out of the gateway", answered(504, "APIGW.0201"), "transient", "outcomeUnknown"],
    ["a redirection", answered(302), "fatal", "fatal"],
    ["a connection that never stood", silence(false), "transient", "retryLater"],
    ["a connection that broke", silence(true), "transient", "outcomeUnknown"],
    ["an interruption", new InterruptedError(call, true), "fatal", "fatal"],
    ["a fault of the user", new UserError("no", errorCodes.tls), "fatal", "fatal"],
    ["an error of another kind", new TypeError("x"), "fatal", "fatal"],
    ["no error at all", undefined, "fatal", "fatal"],
  ] as [string, unknown, FailureClass, FailureClass][]) {
    it(`takes ${what} for ${read} to a read and ${write} to a write`, () => {
      assert.deepEqual([classify(error, "read"), classify(error, "write")], [read, write]);
    });
  }

  it("never lets a write be repeated soon, nor one that may have been accepted be repeated at all", () => {
    const code = fc.oneof(
      fc.constantFrom("CCE_CM.0002", "APIGW.0301", "E.CFE.4030002"),
      fc.integer({ min: 1_400_001, max: 1_500_099 }).map((number) => `CCE.0${number}`),
    );
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), fc.array(code, { maxLength: 3 }), (status, codes) => {
        const error = answered(status, ...codes);
        assert.notEqual(classify(error, "write"), "transient");
        assert.ok(!(isRetryLater(error) && mayHaveBeenAccepted(error)));
        assert.equal(mayHaveBeenAccepted(error), status >= 500 || status === 408);
        if (status === 401) assert.equal(classify(error, "read"), "credentials");
      }),
    );
  });

  it("means the same whatever the order of an answer's codes", () => {
    const codes = ["CCE_CM.0002", "E.CFE.4030002", "CCE.01403001"];
    fc.assert(
      fc.property(fc.shuffledSubarray(codes, { minLength: 3 }), (order) => {
        assert.equal(errorCodeOf(403, order), errorCodes.busy);
      }),
    );
  });
});

describe("a read that fails", () => {
  /** Fails with these errors, one after the other, and then goes well. */
  function failing(...errors: Error[]) {
    const clock = new VirtualClock();
    const left = [...errors];
    const reading = (signal?: AbortSignal) =>
      tryRead(
        call,
        async () => {
          const error = left.shift();
          if (error !== undefined) throw error;
          return "read";
        },
        clock,
        signal,
      );
    return { clock, reading, left };
  }
  const asking = (retryAfter: number) =>
    new ServiceError({ call, status: 429, errorCode: errorCodes.throttled, retryAfter });

  it("is tried again after 1, 2 and 4 seconds", async () => {
    const { clock, reading } = failing(answered(500), silence(true), answered(429));
    assert.equal(await reading(), "read");
    assert.deepEqual(clock.pauses, [1000, 2000, 4000]);
  });

  it("is given up after the fourth time", async () => {
    const { reading, left } = failing(...Array.from({ length: 5 }, () => answered(503)));
    await assert.rejects(reading(), ServiceError);
    assert.equal(left.length, 1);
  });

  it("is tried again after the pause that the service asks for, up to 4 seconds", async () => {
    const { clock, reading } = failing(asking(3500));
    assert.equal(await reading(), "read");
    assert.deepEqual(clock.pauses, [3500]);
    await assert.rejects(failing(asking(4001)).reading(), ServiceError);
  });

  for (const error of [answered(401), answered(403), answered(409), new InterruptedError(call)]) {
    it(`is not tried again after: ${error.message}`, async () => {
      const { clock, reading } = failing(error);
      await assert.rejects(reading(), error);
      assert.deepEqual(clock.pauses, []);
    });
  }

  it("is not tried again once its signal has aborted", async () => {
    const { reading, left } = failing(answered(500), answered(500));
    await assert.rejects(reading(AbortSignal.abort()), InterruptedError);
    assert.equal(left.length, 1);
    assert.ok(!isTransient(new InterruptedError(call)));
  });
});
