import assert from "node:assert/strict";
import fc from "fast-check";
import { passwordIn, unwrapSecret, withPasswordSecret } from "../provider/dynamic/secrets.ts";
import { UserError } from "../provider/errors/errors.ts";
import { readState, type State, stateVersion, writeState } from "../provider/nodePoolSync/state.ts";
import { templateInputs } from "./support/inputs.ts";

const state: State = {
  inputs: templateInputs,
  progress: {
    status: "failed",
    jobId: "j",
    acceptedAt: "2026-01-02T03:04:05.000Z",
    targetNodeCount: 2,
    syncedNodeCount: 1,
    failedNodes: [{ id: "n1", name: "node-1", reason: "no disk" }],
    outdatedNodeIds: [],
  },
  bookkeeping: {
    version: stateVersion,
    endpoint: "https://cce.example",
    projectId: "p",
    watermark: "w",
    narrowedTo: ["n1"],
  },
};

describe("a state", () => {
  it("comes back as it was written, also with its password as a wire secret", () => {
    assert.deepEqual(readState(writeState(state)), state);
    assert.deepEqual(readState(withPasswordSecret(writeState(state))), state);
  });

  it("holds nothing undefined, which Pulumi's dynamic server cannot send", () => {
    const written = writeState({ ...state, bookkeeping: { ...state.bookkeeping, watermark: undefined } });
    assert.ok(!("watermark" in (written.__sync as object)));
  });

  it("is refused when a newer version wrote it, saying what to install", () => {
    const newer = writeState({ ...state, bookkeeping: { ...state.bookkeeping, version: stateVersion + 1 } });
    assert.throws(
      () => readState(newer),
      (error: Error) =>
        error instanceof UserError && /newer version of pulumi-cce-nodepool-sync/.test(error.message),
    );
  });

  it("is refused as a newer one also when this version cannot read its parts", () => {
    const newer = { ...writeState(state), status: "paused", __sync: { version: stateVersion + 1, more: [] } };
    assert.throws(() => readState(newer), /newer version of pulumi-cce-nodepool-sync/);
  });

  it("is read or refused whatever it is, without another error", () => {
    const names = fc.constantFrom("__sync", "status", "failedNodes", "nodeIds", "nodeTemplate", "clusterId");
    fc.assert(
      fc.property(fc.dictionary(names, fc.jsonValue()), fc.boolean(), (parts, onTop) => {
        try {
          readState(onTop ? { ...writeState(state), ...parts } : parts);
        } catch (error) {
          assert.ok(error instanceof UserError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("is read though this version would refuse its inputs, so that it can be refreshed and destroyed", () => {
    const inputs = { ...templateInputs, maxUnavailable: 99, nodeIds: [] };
    assert.deepEqual(readState(writeState({ ...state, inputs })).inputs, inputs);
  });

  it("is read without the outputs that a newer version may have added", () => {
    const { inputs } = readState({ ...writeState(state), colour: "red", __engine: {}, __provider: "p" });
    assert.deepEqual(inputs, templateInputs);
  });

  for (const garbage of [
    {},
    { __sync: 5 },
    { ...writeState(state), status: "asleep" },
    { ...writeState(state), __sync: null },
  ]) {
    it(`is refused when it is none: ${JSON.stringify(garbage).slice(0, 40)}`, () => {
      assert.throws(() => readState(garbage), UserError);
    });
  }
});

describe("the password in properties", () => {
  it("is wrapped once, alone, and found again", () => {
    const wrapped = withPasswordSecret(withPasswordSecret(templateInputs));
    const { login } = wrapped.nodeTemplate;
    assert.equal(unwrapSecret(login.userPassword.password), "Canary-7-plain");
    assert.equal(login.userPassword.username, "root");
    assert.equal(passwordIn(wrapped), "Canary-7-plain");
    assert.equal(passwordIn({ nodeTemplate: { login: { sshKey: "k" } } }), undefined);
  });

  it("is not invented where there is none", () => {
    for (const properties of [{}, { nodeTemplate: null }, { nodeTemplate: { login: "x" } }]) {
      assert.deepEqual(withPasswordSecret(properties), properties);
    }
  });
});
