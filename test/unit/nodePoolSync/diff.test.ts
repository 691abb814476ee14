import assert from "node:assert/strict";
import { changedClasses, diff } from "../../../provider/nodePoolSync/diff.ts";
import type { InputClass } from "../../../provider/nodePoolSync/inputs/fields.ts";
import { salt } from "../../../provider/nodePoolSync/inputs/password.ts";
import { type Inputs, inputsSchema } from "../../../provider/nodePoolSync/inputs/schema.ts";
import { readState, type State, writeState } from "../../../provider/nodePoolSync/state/state.ts";
import type { SyncRecord } from "../../../provider/sync/record/record.ts";
import type { Progress } from "../../../provider/sync/record/standing.ts";
import { unknownValue } from "../../../provider/util/unknowns.ts";
import { templateInputs } from "../../support/inputs/inputs.ts";
import { archiveOf, assetOf } from "../../support/inputs/wireFiles.ts";
import { syncedState } from "../../support/lifecycle/syncedState.ts";

const full: Inputs = {
  ...templateInputs,
  force: true,
  validateStorage: true,
  triggers: [{ os: "a", more: [1, null] }],
  region: "r-1",
  projectId: "p",
  endpoint: "https://cce.example.com",
};

/** What is read of a state that was written for these inputs. */
function stateOf(inputs: Inputs, progress: Partial<Progress> = {}, record: Partial<SyncRecord> = {}): State {
  const state = syncedState(inputs);
  return readState(
    writeState({
      ...state,
      progress: { ...state.progress, ...progress },
      record: { ...state.record, ...record },
    }),
  );
}

const { nodeTemplate } = templateInputs;
const withPassword = (password: string): Inputs => ({
  ...full,
  nodeTemplate: { ...nodeTemplate, login: { userPassword: { username: "root", password } } },
});

/** Another legal value for each input, and the class of the change to it. */
const changes: Record<keyof Inputs, [Partial<Inputs>, InputClass]> = {
  clusterId: [{ clusterId: "c2" }, "identity"],
  nodePoolId: [{ nodePoolId: "n2" }, "identity"],
  region: [{ region: "r-2" }, "address"],
  projectId: [{ projectId: "p2" }, "address"],
  endpoint: [{ endpoint: undefined }, "address"],
  nodeTemplate: [{ nodeTemplate: undefined }, "content"],
  triggers: [{ triggers: { os: "a" } }, "content"],
  nodeIds: [{ nodeIds: ["x"] }, "selection"],
  excludeNodeIds: [{ excludeNodeIds: ["x"] }, "selection"],
  maxUnavailable: [{ maxUnavailable: 2 }, "manner"],
  force: [{ force: undefined }, "manner"],
  validateStorage: [{ validateStorage: undefined }, "manner"],
  onCreate: [{ onCreate: "all" }, "manner"],
  onChange: [{ onChange: "outdated" }, "manner"],
  wait: [{ wait: false }, "manner"],
  rollout: [{ rollout: { canary: 1 } }, "manner"],
};

describe("a difference", () => {
  it("is known for every input of the schema", () => {
    assert.deepEqual(Object.keys(changes).sort(), Object.keys(inputsSchema.shape).sort());
  });

  for (const [name, [change, kind]] of Object.entries(changes)) {
    it(`of ${name} is one of ${kind}, and ${kind === "identity" ? "replaces" : "is left to the engine to show"}`, () => {
      const news = { ...full, ...change };
      assert.deepEqual(changedClasses(stateOf(full), news), [kind]);
      assert.deepEqual(diff(stateOf(full), news), {
        changes: undefined,
        replaces: kind === "identity" ? [name] : [],
      });
    });
  }

  const [named] = templateInputs.nodeIds as [string];
  for (const [progress, record, changed] of [
    [{ status: "synced" }, {}, false],
    [{ status: "accepted" }, {}, false],
    [{ status: "accepted" }, { owed: { [named]: null } }, true],
    [{ status: "accepted" }, { lag: true }, true],
    [{ status: "inProgress" }, {}, true],
    [{ status: "failed" }, {}, true],
    [{ status: "synced" }, { owed: { [named]: "behind" } }, true],
    [{ status: "synced" }, { owed: { notSelected: false } }, false],
    [{ status: "synced" }, { unresolved: {} }, true],
    [{ status: "synced" }, { lag: true }, true],
    [{ status: "synced" }, { tolerated: ["n1"], off: ["n2"] }, false],
    [{ status: "synced", outdatedNodeIds: [named] }, { tolerated: [named] }, false],
  ] as [Partial<Progress>, Partial<SyncRecord>, boolean][]) {
    const what = JSON.stringify({ ...progress, ...record });
    it(`is ${changed ? "forced" : "none"} for unchanged inputs with ${what}`, () => {
      assert.deepEqual(diff(stateOf(full, progress, record), full), { changes: changed, replaces: [] });
    });
  }

  it("is forced where the engine may hold the declared inputs already, after an update that failed", () => {
    const failed = stateOf({ ...full, triggers: ["b"] }, { status: "failed" }, { lag: true });
    assert.equal(diff(failed, full).changes, true);
  });

  it("names every input that replaces, and nothing else", () => {
    const other = { ...full, clusterId: "c2", nodePoolId: "n2", maxUnavailable: 3, region: "r-2" };
    assert.deepEqual(diff(stateOf(full), other).replaces, ["clusterId", "nodePoolId"]);
  });

  it("is none when only what Pulumi and this package hide has changed", () => {
    const hidden = { ...full, __engine: { urn: "u" }, __provider: "p", __sync: {} };
    assert.deepEqual(diff(stateOf(full), hidden), { changes: false, replaces: [] });
  });

  const small: Inputs = { ...full, force: undefined, validateStorage: undefined, triggers: undefined };
  for (const [what, written] of Object.entries<Partial<Inputs>>({
    "force: false": { force: false },
    "validateStorage: false": { validateStorage: false },
    "triggers: []": { triggers: [] },
    "triggers: {}": { triggers: {} },
    "excludeNodeIds: []": { excludeNodeIds: [] },
    "volumeConfig: {}": { nodeTemplate: { ...nodeTemplate, volumeConfig: {} } },
    "the default reset policy": {
      nodeTemplate: { ...nodeTemplate, volumeConfig: { volumeResetPolicy: "reset_managed_volumes" } },
    },
    "waitPostInstallFinish: false": {
      nodeTemplate: {
        ...nodeTemplate,
        lifeCycle: { ...nodeTemplate.lifeCycle, waitPostInstallFinish: false },
      },
    },
  })) {
    it(`is none when ${what} is written out, or taken out again`, () => {
      const explicit = { ...small, ...written };
      assert.deepEqual(diff(stateOf(small), explicit), { changes: false, replaces: [] });
      assert.deepEqual(diff(stateOf(explicit), small), { changes: false, replaces: [] });
    });
  }

  it("is none for inputs of a state that is older than an input's default", () => {
    const outputs = writeState(stateOf(full));
    for (const name of ["onCreate", "onChange", "wait"]) delete outputs[name];
    assert.deepEqual(diff(readState(outputs), full), { changes: false, replaces: [] });
  });

  for (const [olds, news] of [
    [
      [1, 2],
      [2, 1],
    ],
    [["1"], [1]],
    [[null], []],
    [[{ a: 1 }], [{ a: 1, b: null }]],
    [{ a: 1 }, { b: 1 }],
    [[""], [null]],
    [[assetOf("a", "x")], [assetOf("b", "x")]],
    [[assetOf("a")], [archiveOf("a")]],
    [[assetOf("a")], ["a"]],
  ] as const) {
    it(`is seen between the triggers ${JSON.stringify(olds)} and ${JSON.stringify(news)}`, () => {
      const [before, after] = [olds, news].map((triggers) => ({ ...full, triggers }) as unknown as Inputs);
      assert.deepEqual(changedClasses(stateOf(before ?? full), after ?? full), ["content"]);
    });
  }

  it("is none between an asset or archive with its content and the same one by its hash alone", () => {
    const withContent = { ...full, triggers: [assetOf("a", "text"), { files: archiveOf("b", "./folder") }] };
    const withHash = { ...full, triggers: [assetOf("a"), { files: archiveOf("b") }] };
    for (const [olds, news] of [
      [withContent, withHash],
      [withHash, withContent],
    ] as const) {
      assert.deepEqual(diff(stateOf(olds), news), { changes: false, replaces: [] });
    }
  });

  it("is seen for another password, and for no new salt of it", () => {
    const state = stateOf(withPassword("Canary-7-plain"));
    assert.equal(diff(state, withPassword("Canary-7-plain")).changes, false);
    assert.deepEqual(changedClasses(state, withPassword("Canary-8-plain")), ["content"]);
  });

  it("is seen for a password that was salted anew by its user", () => {
    const salted = withPassword(salt("Canary-7-plain"));
    assert.equal(diff(stateOf(salted), salted).changes, false);
    assert.deepEqual(changedClasses(stateOf(salted), withPassword(salt("Canary-7-plain"))), ["content"]);
  });

  for (const [name] of Object.entries(changes)) {
    it(`is found without a throw while ${name} is not known yet`, () => {
      const news = { ...full, [name]: unknownValue } as unknown as Inputs;
      assert.notEqual(diff(stateOf(full), news).changes, false);
    });
  }
});
