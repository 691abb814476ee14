import assert from "node:assert/strict";
import { diff } from "../../../provider/nodePoolSync/diff.ts";
import { type Inputs, inputNames, inputsOfClass } from "../../../provider/nodePoolSync/inputs/schema.ts";
import { readState, type State, writeState } from "../../../provider/nodePoolSync/state/state.ts";
import { detailedDiff } from "../../../provider/plugin/detailedDiff.ts";
import { unknownValue } from "../../../provider/util/unknowns.ts";
import { templateInputs } from "../../support/inputs/inputs.ts";
import { syncedState } from "../../support/lifecycle/syncedState.ts";

const recorded = readState(writeState(syncedState(templateInputs)));

/** The difference to what is recorded for the template's inputs, by path. */
function differences(news: Partial<Inputs>, state: State = recorded): Record<string, string> {
  const inputs = { ...templateInputs, ...news } as Inputs;
  const found = detailedDiff(state, inputs, diff(state, inputs));
  const entries = [...found].map(([path, { kind, isReplacing, isInput }]) => [
    path,
    `${isInput ? "" : "recorded "}${kind}${isReplacing ? ", replaces" : ""}`,
  ]);
  return Object.fromEntries(entries);
}

function templateWith(change: (template: NonNullable<Inputs["nodeTemplate"]>) => void): Partial<Inputs> {
  const nodeTemplate = structuredClone<NonNullable<Inputs["nodeTemplate"]>>(templateInputs.nodeTemplate);
  change(nodeTemplate);
  return { nodeTemplate };
}

describe("the detailed difference", () => {
  it("is empty for equal inputs", () => assert.deepEqual(differences({}), {}));

  it("names another pool as what replaces the resource", () => {
    assert.deepEqual(differences({ clusterId: "c2" }), { clusterId: "update, replaces" });
    assert.deepEqual(differences({ nodePoolId: "n2", maxUnavailable: 2 }), {
      nodePoolId: "update, replaces",
      maxUnavailable: "update",
    });
  });

  it("says whether an input was added, removed or changed", () => {
    assert.deepEqual(differences({ region: "r-2" }), { region: "add" });
    assert.deepEqual(differences({ nodeIds: undefined }), { nodeIds: "delete" });
    assert.deepEqual(differences({ wait: false }), { wait: "update" });
  });

  it("names the very place inside the template", () => {
    const change = templateWith((template) => {
      template.lifeCycle.preInstall = "ZWNobyAy";
    });
    assert.deepEqual(differences(change), { "nodeTemplate.lifeCycle.preInstall": "update" });
  });

  it("names the very place inside triggers, as the engine writes paths", () => {
    const old = readState(writeState(syncedState({ ...templateInputs, triggers: { "a b": [1, { c: 2 }] } })));
    assert.deepEqual(differences({ triggers: { "a b": [1, { c: 3 }, null] } }, old), {
      'triggers["a b"][1].c': "update",
      'triggers["a b"][2]': "add",
    });
  });

  it("names a changed password by its place, though none is recorded", () => {
    const change = templateWith(({ login }) => {
      if (login.userPassword !== undefined) login.userPassword.password = "Canary-8-plain";
    });
    const path = "nodeTemplate.login.userPassword.password";
    assert.deepEqual(differences(change), { [path]: "update" });
  });

  it("names nothing that is as if left out", () => {
    const change = templateWith((template) => {
      template.volumeConfig = { volumeResetPolicy: "reset_managed_volumes" };
    });
    assert.deepEqual(differences({ ...change, triggers: [], force: false }), {});
  });

  it("does not name the order of IDs", () => {
    assert.deepEqual(differences({ nodeIds: templateInputs.nodeIds.toReversed() }), {});
  });

  it("says of a repetition which output is the reason", () => {
    const { progress, record } = recorded;
    const [node = ""] = templateInputs.nodeIds;
    const behind: State = {
      ...recorded,
      record: { ...record, owed: { [node]: "behind" } },
      progress: { ...progress, outdatedNodeIds: [node] },
    };
    assert.deepEqual(differences({}, behind), { outdatedNodeIds: "recorded update" });
    const failed: State = { ...behind, progress: { ...progress, status: "failed" } };
    assert.deepEqual(differences({}, failed), { status: "recorded update" });
    const seenToEnd: State = { ...recorded, record: { ...record, lag: true } };
    assert.deepEqual(differences({}, seenToEnd), { status: "recorded update" });
  });

  it("takes a value that is not known yet for a changed one", () => {
    for (const name of inputNames) {
      const replaces = inputsOfClass("identity").includes(name);
      const kind = recorded.inputs[name] === undefined ? "add" : "update";
      const expected = { [name]: `${kind}${replaces ? ", replaces" : ""}` };
      const { "nodeTemplate.login.userPassword.password": _, ...found } = differences({
        [name]: unknownValue,
      });
      assert.deepEqual(found, expected, name);
    }
  });
});
