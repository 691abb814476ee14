import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { declarationOf, recordedOf } from "../../../provider/nodePoolSync/declaration.ts";
import { diff } from "../../../provider/nodePoolSync/diff.ts";
import type { Inputs } from "../../../provider/nodePoolSync/inputs/schema.ts";
import { readState, stateVersion, writeState } from "../../../provider/nodePoolSync/state/state.ts";
import { root, textOf } from "../../support/root.ts";

const password = "Canary-7-plain";

describe("a recorded state of version 1", () => {
  const folder = "test/fixtures/states";
  const files = readdirSync(`${root}/${folder}`).filter((file) => /^v1-/.test(file));
  const load = (file: string) => JSON.parse(textOf(`${folder}/${file}`));

  /** What each of them still owes, by its name. */
  const owed: Record<string, { owed: string[]; unresolved?: object; lag?: true }> = {
    accepted: { owed: [], unresolved: { watermark: "{{watermark}}" } },
    inProgress: { owed: [], unresolved: { watermark: "{{watermark}}" }, lag: true },
    "inProgress-password": { owed: ["{{node2}}"], lag: true },
    synced: { owed: [] },
    "synced-password": { owed: [] },
    failed: { owed: ["{{node1}}"], lag: true },
  };

  for (const file of files) {
    const expected = owed[file.replace(/^v1-(.*)\.json$/, "$1")] ?? assert.fail(file);

    it(`owes what its sync had not ended, whose words are not known: ${file}`, () => {
      const { record } = readState(load(file));
      assert.equal(record.version, 2);
      assert.deepEqual(record.owed, Object.fromEntries(expected.owed.map((id) => [id, null])));
      assert.deepEqual(record.off, expected.owed);
      assert.deepEqual(record.unresolved, expected.unresolved);
      assert.equal(record.lag, expected.lag);
    });

    it(`never hands its password on, and has not changed with the inputs that it was made of: ${file}`, () => {
      const outputs = load(file);
      const state = readState(outputs);
      assert.ok(!JSON.stringify([state, writeState(state)]).includes(password));
      assert.deepEqual(readState(writeState(state)), JSON.parse(JSON.stringify(state)));
      const news: Inputs = { onCreate: "outdated", onChange: "all", ...outputs };
      assert.equal(recordedOf(state).content, declarationOf(news, state.record).content);
      const { changes } = diff({ ...state, record: { ...state.record, lag: undefined } }, news);
      assert.equal(changes, !/accepted|synced/.test(file));
    });
  }

  it("owes the nodes that its inputs name, when these alone were requested", () => {
    const { record } = readState({ ...load("v1-inProgress.json"), nodeIds: ["a", "b"] });
    assert.deepEqual(record.owed, { a: null, b: null });
    assert.equal(record.unresolved, undefined);
  });

  it("owes all nodes that were there, when it failed without naming one", () => {
    const { record } = readState({ ...load("v1-failed.json"), failedNodes: [] });
    assert.deepEqual(record.unresolved, { watermark: "{{watermark}}" });
  });

  it("owes the nodes that a refresh found behind", () => {
    const { record } = readState({ ...load("v1-synced.json"), outdatedNodeIds: ["a"] });
    assert.deepEqual(record.owed, { a: null });
  });

  it("sees another password than the recorded one", () => {
    const outputs = load("v1-synced-password.json");
    const news = structuredClone(outputs);
    news.nodeTemplate.login.userPassword.password = "Canary-8-plain";
    assert.equal(diff(readState(outputs), news).changes, undefined);
  });
});

describe("a recorded state of version 2", () => {
  for (const status of ["accepted", "inProgress", "synced", "failed"]) {
    it(`is read and written back as it is: ${status}`, () => {
      const { __provider, __engine, ...outputs } = JSON.parse(
        textOf(`test/fixtures/states/v2-${status}.json`),
      );
      assert.deepEqual(writeState(readState(outputs)), outputs);
      assert.equal(outputs.__sync.version, stateVersion);
    });
  }
});
