import assert from "node:assert/strict";
import fc from "fast-check";
import { diff } from "../provider/diff.ts";
import { type Inputs, inputsSchema } from "../provider/schema.ts";
import { withPasswordSecret } from "../provider/secrets.ts";
import { type Progress, readState, type State, writeState } from "../provider/state.ts";
import { smallInputs, templateInputs } from "./support/inputs.ts";

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

  const template = fc.record({
    lifeCycle: fc.record({ preInstall: fc.base64String() }, { requiredKeys: [] }),
    login: fc.oneof(
      fc.record({ sshKey: fc.string() }),
      fc.record({ userPassword: fc.record({ username: fc.string(), password: fc.string() }) }),
    ),
  });
  const inputs = fc
    .record(
      {
        maxUnavailable: fc.integer({ min: 1, max: 20 }),
        nodeIds: fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 }),
        nodeTemplate: template,
        triggers: fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())),
        force: fc.boolean(),
      },
      { requiredKeys: ["maxUnavailable"] },
    )
    .map((part): Inputs => JSON.parse(JSON.stringify({ ...smallInputs, ...part })));

  it("is none between inputs and themselves", () => {
    fc.assert(
      fc.property(inputs, (same) => diff(stateOf(same), structuredClone(same)).changes === false),
      { numRuns: 2000 },
    );
  });

  it("is none between inputs and what was recorded of them", () => {
    fc.assert(
      fc.property(inputs, (same) => {
        const recorded = JSON.parse(JSON.stringify(withPasswordSecret(writeState(stateOf(same)))));
        return diff(readState(recorded), same).changes === false;
      }),
      { numRuns: 2000 },
    );
  });

  it("is none when only the order of node ids or of keys differs", () => {
    fc.assert(
      fc.property(inputs, (some) => {
        const reordered = { ...(reverseKeys(some) as Inputs), nodeIds: some.nodeIds?.toReversed() } as Inputs;
        return diff(stateOf(some), reordered).changes === false;
      }),
      { numRuns: 2000 },
    );
  });

  it("is always seen when a leaf has changed", () => {
    fc.assert(
      fc.property(inputs, fc.nat(), (some, pick) => {
        const { wait: _, ...own } = some;
        const leaves = leavesOf(own);
        const path = leaves[pick % leaves.length] ?? [];
        return diff(stateOf(some), changeAt(some, path) as Inputs).changes === undefined;
      }),
      { numRuns: 2000 },
    );
  });
});

function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, reverseKeys(inner)] as const);
  return Object.fromEntries(entries.reverse());
}

function leavesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

/** A copy with another value at the path, of whatever type it is. */
function changeAt(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined)
    return typeof value === "string" ? `${value}!` : `another than ${JSON.stringify(value)}`;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
    ? [...value]
    : { ...(value as object) };
  Object.defineProperty(copy, key, {
    value: changeAt((value as Record<string, unknown>)[key], rest),
    enumerable: true,
    writable: true,
    configurable: true,
  });
  return copy;
}
