import assert from "node:assert/strict";
import fc from "fast-check";
import type { Job, Node, NodePool } from "../provider/cce/model.ts";
import { gather, initialEvidence, judge, watermarkOf } from "../provider/sync/observation.ts";
import { type Scenario, type SeenNode, scenarios } from "./fixtures/observations.ts";

const time = (minute: number) => `2026-01-02 03:${String(minute).padStart(2, "0")}:00.5 +0000 UTC`;

function nodeOf(id: string, seen: SeenNode): Node {
  const { phase = "Active", updated = 0, upToDate, reason } = seen;
  return {
    id,
    name: `node-${id}`,
    poolId: "p",
    phase,
    upToDate,
    reason,
    updatedAt: time(updated),
    createdAt: time(0),
  };
}

const poolOf = (synchronizing: boolean | undefined, scaling = false): NodePool => ({
  id: "p",
  name: "pool",
  synchronizing,
  scaling,
});

/** Plays a scenario's looks and answers what was concluded after each. */
function play({ before, looks }: Scenario): string[] {
  const targets = Object.entries(before).map(([id, seen]) => nodeOf(id, seen));
  let evidence = initialEvidence(watermarkOf(targets), targets);
  return looks.map(({ nodes, pool, job }) => {
    const look = {
      nodes: nodes && new Map(Object.entries(nodes).map(([id, seen]) => [id, nodeOf(id, seen)])),
      pool: pool === "gone" ? undefined : poolOf(pool?.synchronizing, pool?.scaling),
      job,
    };
    evidence = gather(evidence, targets, look);
    const verdict = judge(evidence, targets, look);
    const standings = verdict.nodes.map(
      ({ id, standing, reason }) => `${id} ${standing}${reason ? ` (${reason})` : ""}`,
    );
    const why = verdict.reasons.length > 0 ? `: ${verdict.reasons.join("; ")}` : "";
    return `${verdict.outcome}${verdict.begun ? "" : ", not begun"}${why} | ${standings.join(", ")}`;
  });
}

describe("an observation", () => {
  for (const [name, scenario] of Object.entries(scenarios)) {
    it(`is judged look by look: ${name}`, () => {
      assert.deepEqual(
        play(scenario),
        scenario.looks.map(({ verdict }) => verdict),
      );
    });
  }

  const phase = fc.constantFrom("Active", "Installing", "Error", "Abnormal", "RepairFailed", "Reimaging", "");
  const seen = fc.record({ phase, updated: fc.nat(9), upToDate: fc.constantFrom(true, false, undefined) });
  const job = fc.constantFrom<Job | undefined>(
    undefined,
    { phase: "running", reasons: [] },
    { phase: "success", reasons: [] },
    { phase: "failed", reasons: ["why"] },
  );
  const look = fc.record({
    nodes: fc.record({ a: seen, b: seen, c: seen }, { requiredKeys: [] }),
    synchronizing: fc.constantFrom(true, false, undefined),
    job,
  });
  const history = fc.tuple(
    fc.record({ a: seen, b: seen, c: seen }),
    fc.array(look, { minLength: 1, maxLength: 6 }),
  );

  it("is never done while a target that exists is not Active, says that it is out of date, or a job runs", () => {
    fc.assert(
      fc.property(history, ([before, looks]) => {
        forEachVerdict(before, looks, ({ outcome }, { nodes, job: known, synchronizing }) => {
          if (outcome !== "done") return;
          for (const node of Object.values(nodes)) {
            assert.equal(node.phase, "Active");
            assert.notEqual(node.upToDate, false);
          }
          assert.notEqual(known?.phase, "running");
          assert.notEqual(synchronizing, true);
        });
      }),
      { numRuns: 10_000 },
    );
  });

  it("is never done at first sight, without a job that says so", () => {
    fc.assert(
      fc.property(history, ([before, [first]]) => {
        if (first === undefined || first.job?.phase === "success") return;
        forEachVerdict(before, [first], ({ outcome }) => assert.notEqual(outcome, "done"));
      }),
      { numRuns: 10_000 },
    );
  });
});

type Look = { nodes: Record<string, SeenNode>; synchronizing?: boolean; job?: Job };

function forEachVerdict(
  before: Record<string, SeenNode>,
  looks: readonly Look[],
  hold: (verdict: ReturnType<typeof judge>, look: Look) => void,
): void {
  const targets = Object.entries(before).map(([id, node]) => nodeOf(id, node));
  let evidence = initialEvidence(watermarkOf(targets), targets);
  for (const look of looks) {
    const nodes = new Map(Object.entries(look.nodes).map(([id, node]) => [id, nodeOf(id, node)]));
    const seen = { nodes, pool: poolOf(look.synchronizing), job: look.job };
    evidence = gather(evidence, targets, seen);
    hold(judge(evidence, targets, seen), look);
  }
}
