import assert from "node:assert/strict";
import { diff } from "../provider/nodePoolSync/diff.ts";
import { type Inputs, inputsSchema } from "../provider/nodePoolSync/schema.ts";
import type { Progress, State } from "../provider/nodePoolSync/state.ts";
import { templateInputs } from "./support/inputs.ts";

const full: Inputs = {
  ...templateInputs,
  force: false,
  retryTimes: 1,
  skippedNodes: ["s1"],
  validateStorage: false,
  triggers: [{ os: "a", more: [1, null] }],
  region: "r-1",
  projectId: "p",
  endpoint: "https://cce.example.com",
};

const stateOf = (inputs: Inputs, progress: Partial<Progress> = {}): State => ({
  inputs,
  progress: { status: "synced", failedNodes: [], outdatedNodeIds: [], ...progress },
  bookkeeping: { version: 1, endpoint: "https://cce.example.com", projectId: "p" },
});

/** Another legal value for each input, and what the change to it means. */
const changes: Record<keyof Inputs, [Partial<Inputs>, "replace" | "re-sync" | "nothing"]> = {
  clusterId: [{ clusterId: "c2" }, "replace"],
  nodePoolId: [{ nodePoolId: "n2" }, "replace"],
  region: [{ region: "r-2" }, "replace"],
  projectId: [{ projectId: "p2" }, "replace"],
  endpoint: [{ endpoint: undefined }, "replace"],
  maxUnavailable: [{ maxUnavailable: 2 }, "re-sync"],
  nodeIds: [{ nodeIds: ["x"] }, "re-sync"],
  nodeTemplate: [{ nodeTemplate: undefined }, "re-sync"],
  force: [{ force: undefined }, "re-sync"],
  retryTimes: [{ retryTimes: 2 }, "re-sync"],
  skippedNodes: [{ skippedNodes: [] }, "re-sync"],
  validateStorage: [{ validateStorage: true }, "re-sync"],
  triggers: [{ triggers: { os: "a" } }, "re-sync"],
  wait: [{ wait: false }, "nothing"],
};

describe("a difference", () => {
  it("is known for every input of the schema", () => {
    assert.deepEqual(Object.keys(changes).sort(), Object.keys(inputsSchema.shape).sort());
  });

  for (const [name, [change, effect]] of Object.entries(changes)) {
    it(`of ${name} means: ${effect}`, () => {
      const difference = diff(stateOf(full), { ...full, ...change });
      assert.deepEqual(difference, {
        changes: effect === "nothing" ? false : undefined,
        replaces: effect === "replace" ? [name] : [],
      });
    });
  }

  for (const [progress, changed] of [
    [{ status: "synced" }, false],
    [{ status: "accepted" }, false],
    [{ status: "inProgress" }, true],
    [{ status: "failed" }, true],
    [{ status: "synced", outdatedNodeIds: ["n1"] }, true],
  ] as [Partial<Progress>, boolean][]) {
    it(`is ${changed ? "forced" : "none"} for unchanged inputs with ${JSON.stringify(progress)}`, () => {
      assert.deepEqual(diff(stateOf(full, progress), full), { changes: changed, replaces: [] });
    });
  }

  it("is told of every input that replaces, and of nothing else", () => {
    const other = { ...full, clusterId: "c2", region: "r-2", maxUnavailable: 3 };
    assert.deepEqual(diff(stateOf(full), other), { changes: undefined, replaces: ["clusterId", "region"] });
  });

  it("is left to the engine to show when inputs changed, also of a sync that is unfinished", () => {
    const unfinished = stateOf(full, { status: "failed" });
    assert.equal(diff(unfinished, { ...full, maxUnavailable: 3 }).changes, undefined);
  });

  it("is none when only what Pulumi and this package hide has changed", () => {
    const hidden = { ...full, __engine: { urn: "u" }, __provider: "p", __sync: {} };
    assert.deepEqual(diff(stateOf(full), hidden), { changes: false, replaces: [] });
  });

  for (const [olds, news] of [
    [
      [1, 2],
      [2, 1],
    ],
    [[], {}],
    [["1"], [1]],
    [[null], []],
    [[{ a: 1 }], [{ a: 1, b: null }]],
    [{ a: 1 }, { b: 1 }],
    [[""], [null]],
  ] as const) {
    it(`is seen between the triggers ${JSON.stringify(olds)} and ${JSON.stringify(news)}`, () => {
      const [before, after] = [olds, news].map((triggers) => ({ ...full, triggers }) as unknown as Inputs);
      assert.equal(diff(stateOf(before ?? full), after ?? full).changes, undefined);
    });
  }
});
