import assert from "node:assert/strict";
import fc from "fast-check";
import type { Job, Node, NodePool } from "../../provider/cce/model.ts";
import {
  gather,
  initialEvidence,
  judge,
  type Observation,
  type Target,
  type Verdict,
  watermarkOf,
} from "../../provider/sync/observation.ts";
import { holds } from "./cases.ts";

const ids = ["a", "b", "c"];
const phases = [
  "Active",
  "Installing",
  "Error",
  "Abnormal",
  "RepairFailed",
  "Deleting",
  "",
  "Unheard-of",
  "__proto__",
];
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
      { weight: 2, arbitrary: fc.constantFrom(...phases) },
    ),
    updatedAt: time,
    createdAt: time,
    upToDate: fc.constantFrom(undefined, true, false),
    reason: fc.constantFrom(undefined, "", "no disk"),
  });
const targetNodes = fc.tuple(...ids.map(node));
/** The nodes of the cluster in any order, some gone, others that are no targets. */
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
});
const job: fc.Arbitrary<Job> = fc.record({
  phase: fc.constantFrom("running", "success", "failed"),
  reasons: fc.constantFrom([], ["why"], ["", "b: no disk"]),
});
const look: fc.Arbitrary<Observation> = fc.record({
  nodes: fc.option(nodeList, { freq: 8, nil: undefined }),
  pool: fc.option(pool, { freq: 8, nil: undefined }),
  job: fc.option(job, { freq: 1, nil: undefined }),
});
const looks = fc.array(look, { minLength: 1, maxLength: 6 });

interface Step {
  readonly look: Observation;
  readonly earlier: readonly Observation[];
  readonly verdict: Verdict;
}

/** What is concluded after each look. */
function play(
  before: readonly Node[],
  all: readonly Observation[],
  targets: readonly Target[] = before,
): Step[] {
  let evidence = initialEvidence(watermarkOf(before), before);
  return all.map((seen, index) => {
    evidence = gather(evidence, targets, seen);
    return { look: seen, earlier: all.slice(0, index), verdict: judge(evidence, targets, seen) };
  });
}

const existing = ({ nodes }: Observation) => ids.flatMap((id) => nodes?.get(id) ?? []);
const isRunning = (seen: Observation) => seen.job?.phase === "running" || seen.pool?.synchronizing === true;

describe("the verdict on any observations", () => {
  it("is done only with every target that exists Active and not out of date, and nothing that says it runs", () => {
    let done = 0;
    holds(
      fc.property(targetNodes, looks, (before, all) => {
        for (const { look: seen, verdict } of play(before, all)) {
          if (verdict.outcome !== "done") continue;
          done += 1;
          for (const one of existing(seen)) {
            assert.equal(one.phase, "Active");
            assert.notEqual(one.upToDate, false);
          }
          assert.ok(!isRunning(seen));
          assert.notEqual(seen.job?.phase, "failed");
        }
      }),
    );
    assert.ok(done > 300, `${done} were done`);
  });

  it("is not done at the first look, unless a job says so", () => {
    holds(
      fc.property(targetNodes, look, (before, first) => {
        fc.pre(first.job?.phase !== "success");
        for (const { verdict } of play(before, [first])) assert.notEqual(verdict.outcome, "done");
      }),
    );
  });

  it("is not done while nothing has moved and nothing says that the sync ran, however long", () => {
    const still = fc.tuple(
      ...ids.map((id) => node(id).map((one) => ({ ...one, phase: "Active", upToDate: undefined }))),
    );
    holds(
      fc.property(still, fc.integer({ min: 1, max: 20 }), (before, count) => {
        const same: Observation = { nodes: new Map(before.map((one) => [one.id, one])) };
        for (const { verdict } of play(before, Array(count).fill(same))) {
          assert.equal(verdict.outcome, "pending");
          assert.equal(verdict.begun, false);
        }
      }),
    );
  });

  it("takes a target for gone, or done without it, only after two looks in a row without it", () => {
    holds(
      fc.property(targetNodes, looks, (before, all) => {
        for (const { look: seen, earlier, verdict } of play(before, all)) {
          for (const { id, standing } of verdict.nodes) {
            if (seen.nodes === undefined || seen.nodes.has(id)) assert.notEqual(standing, "gone");
            if (standing !== "gone") continue;
            assert.equal(earlier.at(-1)?.nodes?.has(id), false);
          }
        }
      }),
    );
  });

  it("is failed only with a failed job, or a target in a phase of failure for two looks while none moves", () => {
    const isFailing = (one?: Node) => ["Error", "RepairFailed", "Abnormal"].includes(one?.phase ?? "");
    let failed = 0;
    holds(
      fc.property(targetNodes, looks, (before, all) => {
        for (const { look: seen, earlier, verdict } of play(before, all)) {
          if (verdict.outcome !== "failed") continue;
          failed += 1;
          assert.ok(existing(seen).every((one) => one.phase === "Active" || isFailing(one)));
          if (seen.job?.phase === "failed") continue;
          assert.ok(!isRunning(seen));
          const broken = ids.filter((id) => isFailing(seen.nodes?.get(id)));
          assert.ok(broken.some((id) => isFailing(earlier.at(-1)?.nodes?.get(id))));
        }
      }),
    );
    assert.ok(failed > 100, `${failed} were failed`);
  });

  it("does not depend on the order of the nodes in the list, nor on nodes that are no targets", () => {
    holds(
      fc.property(targetNodes, looks, (before, all) => {
        const other = all.map((seen) => ({
          ...seen,
          nodes: seen.nodes && new Map([...seen.nodes].filter(([id]) => ids.includes(id)).reverse()),
        }));
        const verdicts = (list: readonly Observation[]) => play(before, list).map(({ verdict }) => verdict);
        assert.deepEqual(verdicts(other), verdicts(all));
      }),
    );
  });

  it("does not depend on the order of the targets, and judges each of them once", () => {
    holds(
      fc.property(targetNodes, looks, (before, all) => {
        const there = play(before, all).map(({ verdict }) => verdict);
        const back = play(before.toReversed(), all).map(({ verdict }) => verdict);
        assert.deepEqual(
          back.map((verdict) => ({ ...verdict, nodes: verdict.nodes.toReversed() })),
          there,
        );
        for (const { nodes } of there)
          assert.deepEqual(
            nodes.map(({ id }) => id),
            ids,
          );
      }),
    );
  });

  it("forgets nothing: a sync that was seen to have begun stays so", () => {
    holds(
      fc.property(targetNodes, looks, (before, all) => {
        let movedBefore = false;
        for (const { look: seen, verdict } of play(before, all)) {
          if (movedBefore) assert.ok(verdict.begun);
          movedBefore ||=
            seen.pool?.synchronizing === true || existing(seen).some(({ phase }) => phase === "Installing");
        }
      }),
    );
  });
});
