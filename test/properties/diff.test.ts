import assert from "node:assert/strict";
import fc from "fast-check";
import { changedClasses, diff } from "../../provider/nodePoolSync/diff.ts";
import { check } from "../../provider/nodePoolSync/inputs/check.ts";
import type { Inputs } from "../../provider/nodePoolSync/inputs/schema.ts";
import { withPasswordSecret } from "../../provider/nodePoolSync/inputs/secretInputs.ts";
import { requestBody } from "../../provider/nodePoolSync/request.ts";
import { readState, writeState } from "../../provider/nodePoolSync/state/state.ts";
import { unknownValue } from "../../provider/util/unknowns.ts";
import { smallInputs } from "../support/inputs/inputs.ts";
import { validInputs } from "../support/inputs/validInputs.ts";
import { syncedState } from "../support/lifecycle/syncedState.ts";
import { holds } from "../support/properties.ts";

const none = { changes: false, replaces: [] };
/** What the engine hands back of what was recorded. */
const recorded = (inputs: Inputs) =>
  readState(JSON.parse(JSON.stringify(withPasswordSecret(writeState(syncedState(inputs))))));
const isSeen = (olds: Inputs, news: Inputs) => diff(recorded(olds), news).changes === undefined;

describe("the difference between any inputs", () => {
  it("is none for what was recorded of them", () => {
    holds(fc.property(validInputs, (inputs) => assert.deepEqual(diff(recorded(inputs), inputs), none)));
  });

  it("is none for the order of node ids and of keys at any depth", () => {
    holds(
      fc.property(validInputs, (inputs) => {
        const { nodeIds, excludeNodeIds } = inputs;
        const news = {
          ...(reverseKeys(inputs) as Inputs),
          ...(nodeIds && { nodeIds: nodeIds.toReversed() }),
          ...(excludeNodeIds && { excludeNodeIds: excludeNodeIds.toReversed() }),
        };
        assert.deepEqual(diff(recorded(inputs), news), none);
      }),
    );
  });

  it("is seen for a changed leaf at any depth, in either direction", () => {
    holds(
      fc.property(validInputs, fc.nat(), (inputs, pick) => {
        const leaves = leavesOf(inputs);
        const news = changeAt(inputs, leaves[pick % leaves.length] ?? []) as Inputs;
        assert.ok(isSeen(inputs, news));
        assert.ok(isSeen(news, inputs));
      }),
    );
  });

  it("is none for a default that is left out, in either direction", () => {
    let tried = 0;
    holds(
      fc.property(validInputs, fc.nat(), (inputs, pick) => {
        const leaves = leavesOf(inputs).filter((path) => isDefault(inputs, path));
        const news = withoutPart(inputs, leaves[pick % leaves.length] ?? []) as Inputs;
        assert.deepEqual(diff(recorded(inputs), news), none);
        assert.deepEqual(diff(recorded(news), inputs), none);
        tried += 1;
      }),
    );
    assert.ok(tried > 0);
  });

  it("is seen for a leaf that is left out, unless it is the default, in either direction", () => {
    holds(
      fc.property(validInputs, fc.nat(), (inputs, pick) => {
        const { clusterId: _, nodePoolId: __, ...optional } = inputs;
        const leaves = leavesOf(optional).filter((path) => !isDefault(inputs, path));
        const news = withoutPart(inputs, leaves[pick % leaves.length] ?? []) as Inputs;
        assert.ok(isSeen(inputs, news));
        assert.ok(isSeen(news, inputs));
      }),
    );
  });

  it("is the same in either direction, whichever two inputs they are", () => {
    holds(
      fc.property(validInputs, validInputs, (one, other) => {
        assert.deepEqual(diff(recorded(one), other), diff(recorded(other), one));
        const [there, back] = [changedClasses(recorded(one), other), changedClasses(recorded(other), one)];
        assert.deepEqual(there, back);
      }),
    );
  });

  it("is none for the salt of a password, however many requests were made of it", () => {
    holds(
      fc.property(validInputs, (inputs) => {
        const before = JSON.stringify(inputs);
        requestBody(inputs, ["n"], 1);
        requestBody(inputs, ["n"], 1);
        assert.equal(JSON.stringify(inputs), before);
        assert.deepEqual(diff(recorded(JSON.parse(before)), inputs), none);
      }),
    );
  });

  it("is none for what JSON, in which state is kept, cannot distinguish in triggers", () => {
    const odd = fc.constantFrom<unknown>(-0, Number.NaN, Infinity, undefined, 1e21, new Array(3), [
      undefined,
    ]);
    const inherited = Object.setPrototypeOf({ a: 1 }, { b: 2 });
    const value = fc.oneof(odd, fc.constant(inherited), fc.constant(JSON.parse('{"__proto__":{"a":1}}')));
    holds(
      fc.property(
        validInputs,
        fc.array(value, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        (some, all, map) => {
          const triggers = map
            ? Object.fromEntries(all.map((one, index) => [`k${index}`, { one }]))
            : [all, ...all];
          const inputs = { ...some, triggers } as Inputs;
          assert.deepEqual(diff(recorded(inputs), inputs), none);
        },
      ),
    );
  });

  it("is found without a throw when a value anywhere in them is not known yet, and is no reason to replace by itself", () => {
    holds(
      fc.property(validInputs, fc.nat(), fc.boolean(), (inputs, pick, whole) => {
        const leaves = leavesOf(inputs);
        const leaf = leaves[pick % leaves.length] ?? [];
        const path = whole ? leaf.slice(0, 1) : leaf;
        const news = changeAt(inputs, path, () => unknownValue) as Inputs;
        assert.deepEqual(check({ ...news }).problems, []);
        const { replaces } = diff(recorded(inputs), news);
        assert.ok(replaces.every((name) => name === path[0]));
      }),
    );
  });

  it("survives triggers of 1,400 levels", () => {
    const depth = 700;
    const triggers = JSON.parse(`${'[{"a":'.repeat(depth)}1${"}]".repeat(depth)}`);
    const inputs: Inputs = { ...smallInputs, triggers };
    assert.deepEqual(check({ ...inputs }).problems, []);
    assert.deepEqual(diff(recorded(inputs), inputs), none);
  });
});

/** What stands for each input that is left out, from the documentation. */
const defaults: Record<string, unknown> = {
  force: false,
  validateStorage: false,
  onCreate: "outdated",
  onChange: "all",
  wait: true,
  excludeNodeIds: [],
  triggers: [],
  "nodeTemplate.login.userPassword.username": "root",
  "nodeTemplate.lifeCycle.waitPostInstallFinish": false,
  "rollout.maxFailures": 0,
  "rollout.zoneByZone": false,
  "nodeTemplate.volumeConfig": {},
  "nodeTemplate.volumeConfig.volumeResetPolicy": "reset_managed_volumes",
};

/** Whether a leaf is as if it were left out. */
function isDefault(inputs: Inputs, path: readonly string[]): boolean {
  const value = path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], inputs);
  const name = path.join(".");
  if (path.length === 1 && name === "triggers") return Object.keys(value as object).length === 0;
  return Object.hasOwn(defaults, name) && JSON.stringify(value) === JSON.stringify(defaults[name]);
}

function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, reverseKeys(inner)] as const);
  return Object.fromEntries(entries.reverse());
}

/** The paths of everything in which nothing else is. */
function leavesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

/** A copy with another value at the path. */
function changeAt(value: unknown, path: readonly string[], change = anotherThan): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  const inner = changeAt((value as Record<string, unknown>)[key], rest, change);
  return Object.defineProperty(copy, key, {
    value: inner,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

function anotherThan(value: unknown): unknown {
  if (Array.isArray(value)) return ["another"];
  return typeof value === "string" ? `${value}!` : `another than ${JSON.stringify(value)}`;
}

/** A copy without what stands at the path. */
function withoutPart(value: unknown, [key = "", ...rest]: readonly string[]): unknown {
  const inner = (value as Record<string, unknown>)[key];
  if (rest.length > 0) return changeAt(value, [key], () => withoutPart(inner, rest));
  if (Array.isArray(value)) return value.toSpliced(Number(key), 1);
  return Object.fromEntries(Object.entries(value as object).filter(([name]) => name !== key));
}
