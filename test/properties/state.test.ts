import assert from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../../provider/errors/errors.ts";
import { passwordDigest } from "../../provider/nodePoolSync/declaration.ts";
import { readState, type State, writeState } from "../../provider/nodePoolSync/state/state.ts";
import type { SyncRecord, Word } from "../../provider/sync/record/record.ts";
import { validInputs } from "../support/inputs/validInputs.ts";
import { holds } from "../support/properties.ts";
import { textOf } from "../support/root.ts";

const id = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => text !== "__proto__");
const ids = fc.array(id, { maxLength: 4 });
const time = fc
  .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
  .map((date) => date.toISOString());
const count = fc.nat(500);

const record: fc.Arbitrary<SyncRecord> = fc.record(
  {
    version: fc.constant(2),
    endpoint: fc.webUrl(),
    projectId: id,
    base: fc.string({ minLength: 1 }),
    off: ids,
    owed: fc.dictionary(id, fc.constantFrom<Word>(true, false, "again", null)),
    tolerated: ids,
    request: fc.record(
      {
        ids,
        jobId: id,
        accepted: fc.boolean(),
        sentAt: time,
        before: fc.record({ jobId: id, transition: id }, { requiredKeys: [] }),
        unconfirmed: fc.constant(true),
      },
      { requiredKeys: ["ids", "accepted", "sentAt", "before"] },
    ),
    unresolved: fc.record({ watermark: id }, { requiredKeys: [] }),
    lag: fc.constant(true),
  },
  { requiredKeys: ["version", "endpoint", "projectId", "base", "off", "owed", "tolerated"] },
);

const progress: fc.Arbitrary<State["progress"]> = fc.record(
  {
    status: fc.constantFrom("accepted", "inProgress", "synced", "failed"),
    jobId: id,
    acceptedAt: time,
    finishedAt: time,
    targetNodeCount: count,
    syncedNodeCount: count,
    skippedNodeCount: count,
    failedNodes: fc.array(fc.record({ id, name: id, reason: fc.string() }), { maxLength: 3 }),
    outdatedNodeIds: ids,
  },
  { requiredKeys: ["status", "failedNodes", "outdatedNodeIds"] },
);

/** What the engine hands back of what it was given. */
const passed = (value: unknown) => JSON.parse(JSON.stringify(value));

describe("any state", () => {
  it("is read as it was written, but for the password", () => {
    holds(
      fc.property(validInputs, progress, record, (inputs, seen, known) => {
        const read = readState(passed(writeState({ inputs, progress: seen, record: known })));
        const password = passwordDigest(inputs, known);
        assert.deepEqual(read.progress, passed(seen));
        assert.deepEqual(read.record, passed({ ...known, password }));
        assert.deepEqual(writeState(read), writeState({ inputs, progress: seen, record: known }));
      }),
    );
  });

  it("is read or refused, whatever it is, without another error", () => {
    const names = [
      "__sync",
      "status",
      "failedNodes",
      "nodeIds",
      "nodeTemplate",
      "clusterId",
      "excludeNodeIds",
    ];
    const states = ["v1-failed", "v1-inProgress-password", "v2-failed", "v2-inProgress"].map((name) =>
      JSON.parse(textOf(`test/fixtures/states/${name}.json`)),
    );
    const parts = fc.dictionary(fc.constantFrom(...names), fc.jsonValue());
    holds(
      fc.property(parts, fc.constantFrom({}, ...states), (some, state) => {
        try {
          readState({ ...state, ...some });
        } catch (error) {
          assert.ok(error instanceof UserError, String(error));
        }
      }),
    );
  });
});
