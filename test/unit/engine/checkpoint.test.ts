import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { Checkpoint } from "../../../tools/engine/embedded/checkpoint.ts";
import type { Snapshot } from "../../../tools/engine/embedded/state.ts";
import {
  createReplacementStep,
  createStep,
  deleteReplacedStep,
  sameStep,
} from "../../../tools/engine/embedded/steps.ts";
import { resource } from "../../support/programs/engineHarness.ts";

const names = ({ resources }: Snapshot) => resources.map(({ urn, id = "" }) => urn.split("::").at(-1) + id);

/** A checkpoint whose writes end when the test says so. */
function slowCheckpoint(base: Snapshot = { resources: [], pendingOperations: [] }) {
  const writes: { snapshot: Snapshot; done: () => void }[] = [];
  const checkpoint = new Checkpoint(
    base,
    (snapshot) => new Promise((resolve) => writes.push({ snapshot, done: resolve })),
  );
  return { checkpoint, writes };
}

describe("a checkpoint", () => {
  it("writes once for all that come while a write is under way, and answers each after a later write", async () => {
    const { checkpoint, writes } = slowCheckpoint();
    const answered: string[] = [];
    const first = checkpoint.save().then(() => answered.push("first"));
    await turn();
    const others = ["second", "third"].map((name) => checkpoint.save().then(() => answered.push(name)));
    await turn();
    assert.equal(writes.length, 1);
    writes[0]?.done();
    await first;
    await turn();
    assert.deepEqual(answered, ["first"]);
    assert.equal(writes.length, 2);
    writes[1]?.done();
    await Promise.all(others);
    assert.deepEqual(answered, ["first", "second", "third"]);
  });

  it("has a create on record as pending from before the call until after it", async () => {
    const { checkpoint, writes } = slowCheckpoint();
    const step = createStep(resource("a"));
    const begun = checkpoint.begin(step);
    await turn();
    assert.deepEqual(
      writes[0]?.snapshot.pendingOperations.map(({ type }) => type),
      ["creating"],
    );
    assert.deepEqual(names(writes[0].snapshot), []);
    writes[0].done();
    await begun;
    const ended = checkpoint.end(step, true);
    await turn();
    assert.deepEqual(writes[1]?.snapshot.pendingOperations, []);
    assert.deepEqual(names(writes[1].snapshot), ["a"]);
    writes[1].done();
    await ended;
  });

  it("does not write for a resource that is the same", async () => {
    const old = resource("a");
    const { checkpoint, writes } = slowCheckpoint({ resources: [old], pendingOperations: [] });
    await checkpoint.end(sameStep(old, resource("a")), true);
    await turn();
    assert.equal(writes.length, 0);
  });

  it("keeps a replaced resource until it is deleted", () => {
    const old = resource("a", { id: "1" });
    const { checkpoint } = slowCheckpoint({ resources: [old], pendingOperations: [] });
    void checkpoint.end(createReplacementStep(old, resource("a", { id: "2" }), []), true);
    assert.deepEqual(names(checkpoint.snapshot()), ["a2", "a1"]);
    void checkpoint.end(deleteReplacedStep(old), true);
    assert.deepEqual(names(checkpoint.snapshot()), ["a2"]);
  });

  it("writes nothing any more when it is closed", async () => {
    const { checkpoint, writes } = slowCheckpoint();
    checkpoint.close();
    await checkpoint.save();
    assert.equal(writes.length, 0);
  });
});
