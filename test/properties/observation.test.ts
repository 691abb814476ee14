import assert from "node:assert/strict";
import fc from "fast-check";
import type { Job, JobPart, Node, NodePool } from "../../provider/cce/model.ts";
import {
  beginWatch,
  type Observation,
  observe,
  type Watched,
} from "../../provider/sync/proof/observation.ts";
import { evaluate, type Verdict } from "../../provider/sync/proof/verdict.ts";
import type { Word } from "../../provider/sync/record/record.ts";
import { holds, ofCases } from "../support/properties.ts";

const ids = ["a", "b", "c"];
const failing = ["Error", "Abnormal", "RepairFailed"];
const idle = ["Active", "Repairing", "Deleting", ""];
const phases = ["Active", "Installing", ...failing, "Deleting", "", "Unheard-of", "__proto__"];
const time = fc.constantFrom(
  undefined,
  "",
  "soon",
  "2026-99-99 99:99:99 +0000 UTC",
  ...[0, 1, 2, 3].map((minute) => `2026-01-02 03:0${minute}:00.5 +0000 UTC`),
);
const node = (id: string): fc.Arbitrary<Node> =>
  fc.record({
    id: fc.constant(id),
    name: fc.constantFrom(id, "", "same"),
    poolId: fc.constantFrom("p", "other"),
    phase: fc.oneof(
      { weight: 4, arbitrary: fc.constant("Active") },
      { weight: 2, arbitrary: fc.constant("Error") },
      { weight: 3, arbitrary: fc.constantFrom(...phases) },
    ),
    updatedAt: time,
    createdAt: time,
    serverId: fc.constantFrom(undefined, `server-${id}`, "server"),
    upToDate: fc.constantFrom(undefined, true, false),
    reason: fc.constantFrom(undefined, "", "no disk"),
  });
const beforeNodes = fc.tuple(...ids.map(node));
/** The nodes of the cluster in any order, some not listed, others that the request does not name. */
const nodeList = fc
  .tuple(...[...ids, "stranger"].map((id) => fc.option(node(id), { freq: 5, nil: undefined })), fc.boolean())
  .map(([...parts]) => {
    const nodes = (parts.slice(0, -1) as (Node | undefined)[]).filter((one) => one !== undefined);
    return new Map((parts.at(-1) ? nodes.reverse() : nodes).map((one) => [one.id, one]));
  });
const pool: fc.Arbitrary<NodePool> = fc.record({
  id: fc.constant("p"),
  name: fc.constant("pool"),
  synchronizing: fc.constantFrom(undefined, true, false),
  scaling: fc.boolean(),
  updatedAt: fc.constantFrom("then", "then", "then", "later", undefined),
});
const jobPhase = fc.constantFrom("running", "success", "failed");
const { part } = fc.letrec<{ part: JobPart }>((tie) => ({
  part: fc.record({
    references: fc.subarray(["a", "b", "server-a", "server", "same", "stranger"], { maxLength: 2 }),
    phase: jobPhase,
    createdAt: time,
    reason: fc.constantFrom(undefined, "quota"),
    parts: fc.array(tie("part"), { maxLength: 2, depthIdentifier: "part" }),
  }),
}));
const job: fc.Arbitrary<Job> = fc.record({
  phase: jobPhase,
  reasons: fc.constantFrom([], ["why"], ["", "b: no disk"]),
  parts: fc.array(part, { maxLength: 3 }),
});
const look: fc.Arbitrary<Observation> = fc.record({
  nodes: nodeList,
  pool: fc.option(pool, { freq: 8, nil: undefined }),
  job: fc.option(job, { freq: 1, nil: undefined }),
  gone: fc.subarray(ids, { maxLength: 1 }).map((gone) => new Set(gone)),
  isOwnJob: fc.boolean(),
  clusterUpgrading: fc.boolean(),
  isTimeUp: fc.boolean(),
});
const looks = fc.array(look, { minLength: 1, maxLength: 6 });
const word = fc.constantFrom<Word>(true, false, null, "behind", "again");
const watched: fc.Arbitrary<Watched> = fc.record({
  request: fc.record({
    ids: fc.constant(ids),
    accepted: fc.boolean(),
    sentAt: fc.constant("2026-01-02T03:01:30Z"),
    before: fc.constant({ updatedAt: "then" }),
  }),
  hasTemplate: fc.boolean(),
  names: fc.constant(new Map()),
  words: fc.record({ a: word, b: word, c: word }),
  isFresh: fc.boolean(),
});

interface Step {
  readonly look: Observation;
  readonly earlier: readonly Observation[];
  readonly verdict: Verdict;
}

/** What is concluded after each look. */
function play(watch: Watched, before: readonly Node[], all: readonly Observation[]): Step[] {
  let evidence = beginWatch(watch, new Map(before.map((one) => [one.id, one])));
  return all.map((seen, index) => {
    evidence = observe(evidence, watch, seen);
    return { look: seen, earlier: all.slice(0, index), verdict: evaluate(evidence, watch, seen) };
  });
}

const isWorking = (one: Node | undefined) =>
  one !== undefined && !idle.includes(one.phase) && !failing.includes(one.phase);

const withParts = (one: JobPart): JobPart[] => [one, ...one.parts.flatMap(withParts)];
const isNobodys = ({ references, parts }: JobPart) =>
  parts.length === 0 && references.every((reference) => reference === "stranger");

describe("the verdict on any observations", () => {
  it("proves a node only while it is there and Active, and no job of the request says that it failed", () => {
    let proven = 0;
    holds(
      fc.property(watched, beforeNodes, looks, (watch, before, all) => {
        for (const { look: seen, verdict } of play(watch, before, all)) {
          for (const { id, state } of verdict.nodes) {
            if (state !== "proven") continue;
            proven += 1;
            assert.equal(seen.nodes.get(id)?.phase, "Active");
            const parts = seen.job?.parts ?? [];
            const nobodysFailed = parts.some((one) => one.phase === "failed" && isNobodys(one));
            const succeeded = parts.flatMap(withParts).some(({ phase }) => phase === "success");
            if (seen.isOwnJob && nobodysFailed) assert.ok(succeeded, "by a sub-job of its own only");
          }
        }
      }),
    );
    assert.ok(proven > ofCases(20), `${proven} were proven`);
  });

  it("proves a node that no job names only when it was seen at work, or said before that it is behind", () => {
    holds(
      fc.property(watched, beforeNodes, looks, (watch, before, all) => {
        const withoutJobs = all.map(({ job: _unread, ...seen }) => seen);
        for (const { look: seen, earlier, verdict } of play(watch, before, withoutJobs)) {
          for (const { id, state } of verdict.nodes) {
            if (state !== "proven") continue;
            const worked = earlier.some(({ nodes }) => isWorking(nodes.get(id)));
            const said = [false, "behind", "again"].includes(watch.words[id] as never);
            const says = said && seen.nodes.get(id)?.upToDate === true && !watch.hasTemplate;
            assert.ok(worked || says);
            if (watch.hasTemplate) assert.ok(worked && watch.isFresh && watch.request.accepted);
          }
        }
      }),
    );
  });

  it("proves nobody while nothing has moved and nothing says that the request ran, however long", () => {
    const still = fc.tuple(
      ...ids.map((id) => node(id).map((one) => ({ ...one, phase: "Active", upToDate: undefined }))),
    );
    holds(
      fc.property(watched, still, fc.integer({ min: 1, max: 20 }), (watch, before, count) => {
        const nodes = new Map(before.map((one) => [one.id, one]));
        const same: Observation = {
          nodes,
          gone: new Set(),
          isOwnJob: false,
          clusterUpgrading: false,
          isTimeUp: false,
        };
        for (const { verdict } of play(watch, before, Array(count).fill(same))) {
          assert.ok(verdict.nodes.every(({ state }) => state === "waiting"));
          assert.deepEqual([verdict.isOpen, verdict.begun], [true, false]);
        }
      }),
    );
  });

  it("takes a node for gone only when the service says that it does not exist", () => {
    holds(
      fc.property(watched, beforeNodes, looks, (watch, before, all) => {
        for (const { look: seen, verdict } of play(watch, before, all))
          for (const { id, state } of verdict.nodes) if (state === "gone") assert.ok(seen.gone.has(id));
      }),
    );
  });

  it("fails a node only by a sub-job, two reads of a fault, or the end of the request", () => {
    let failed = 0;
    holds(
      fc.property(watched, beforeNodes, looks, (watch, before, all) => {
        for (const { look: seen, earlier, verdict } of play(watch, before, all)) {
          for (const { id, state, wasReached } of verdict.nodes) {
            if (state !== "failed") continue;
            failed += 1;
            const isInFault = (one: Observation | undefined) =>
              failing.includes(one?.nodes.get(id)?.phase ?? "");
            const parts = seen.job?.parts.flatMap(withParts) ?? [];
            const byPart = parts.some(({ phase }) => phase === "failed");
            const shown = [...earlier, seen];
            const byPhase = shown.some((one, index) => isInFault(one) && isInFault(shown[index - 1]));
            assert.ok(byPart || byPhase || (!wasReached && !verdict.isOpen));
          }
        }
      }),
    );
    assert.ok(failed > ofCases(1000), `${failed} were failed`);
  });

  it("is not over while a named node is being installed, and leaves nobody waiting when it is", () => {
    holds(
      fc.property(watched, beforeNodes, looks, (watch, before, all) => {
        for (const { verdict } of play(watch, before, all)) {
          const states = verdict.nodes.map(({ state }) => state);
          if (states.includes("resetting")) assert.ok(verdict.isOpen);
          if (!verdict.isOpen && !verdict.isUnconfirmed) assert.ok(!states.includes("waiting"));
        }
      }),
    );
  });

  it("is unconfirmed only in a watch from the beginning in which nothing was proven, and nothing failed", () => {
    let unconfirmed = 0;
    holds(
      fc.property(watched, beforeNodes, looks, (watch, before, all) => {
        for (const { verdict } of play(watch, before, all)) {
          if (!verdict.isUnconfirmed) continue;
          unconfirmed += 1;
          assert.ok(watch.isFresh && !verdict.isOpen);
          assert.ok(verdict.nodes.every(({ state }) => state === "waiting" || state === "gone"));
        }
      }),
    );
    assert.ok(unconfirmed > ofCases(10), `${unconfirmed} were unconfirmed`);
  });

  it("does not depend on the order of the nodes in the list", () => {
    holds(
      fc.property(watched, beforeNodes, looks, (watch, before, all) => {
        const other = all.map((seen) => ({ ...seen, nodes: new Map([...seen.nodes].reverse()) }));
        const verdicts = (list: readonly Observation[]) =>
          play(watch, before, list).map(({ verdict }) => verdict);
        assert.deepEqual(verdicts(other), verdicts(all));
      }),
    );
  });

  it("judges each named node once, in the order of the request", () => {
    holds(
      fc.property(watched, beforeNodes, looks, (watch, before, all) => {
        for (const { verdict } of play(watch, before, all))
          assert.deepEqual(
            verdict.nodes.map(({ id }) => id),
            ids,
          );
      }),
    );
  });

  it("forgets nothing: a request that was seen to have begun stays so", () => {
    holds(
      fc.property(watched, beforeNodes, looks, (watch, before, all) => {
        let seenBefore = false;
        for (const { look: seen, verdict } of play(watch, before, all)) {
          if (seenBefore) assert.ok(verdict.begun);
          seenBefore ||= seen.pool?.synchronizing === true;
        }
      }),
    );
  });
});
