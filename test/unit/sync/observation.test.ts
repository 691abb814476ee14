import assert from "node:assert/strict";
import type { Node } from "../../../provider/cce/model.ts";
import {
  beginWatch,
  type Observation,
  observe,
  type Watched,
} from "../../../provider/sync/proof/observation.ts";
import { evaluate } from "../../../provider/sync/proof/verdict.ts";
import { type Scenario, type SeenLook, type SeenNode, scenarios } from "../../fixtures/observations.ts";

/** The request leaves half a minute after minute 0. */
const sentAt = "2026-01-02 03:00:30 +0000 UTC";
const time = (minute: number) => `2026-01-02 03:${String(minute).padStart(2, "0")}:00.5 +0000 UTC`;

function nodeOf(id: string, { phase = "Active", updated = 0, upToDate, reason, name }: SeenNode): Node {
  return {
    id,
    name: name ?? `node-${id}`,
    serverId: `server-${id}`,
    poolId: "p",
    phase,
    upToDate,
    reason,
    updatedAt: time(updated),
    createdAt: time(0),
  };
}

function nodesOf(seen: Record<string, SeenNode>): ReadonlyMap<string, Node> {
  return new Map(Object.entries(seen).map(([id, node]) => [id, nodeOf(id, node)]));
}

function watchedOf({ before, request, hasTemplate = false, words, isFresh = true }: Scenario): Watched {
  const said = Object.entries(before).map(([id, { upToDate }]) => [id, upToDate ?? null] as const);
  return {
    request: {
      ids: Object.keys(before),
      accepted: true,
      sentAt,
      before: { updatedAt: time(0) },
      ...request,
    },
    hasTemplate,
    names: new Map(Object.keys(before).map((id) => [id, `node-${id}`])),
    words: words ?? Object.fromEntries(said),
    isFresh,
  };
}

function lookOf({ nodes, pool, job, more = {} }: SeenLook): Observation {
  return {
    pool:
      pool === "gone" ? undefined : { id: "p", name: "pool", scaling: false, updatedAt: time(0), ...pool },
    nodes: nodesOf(nodes),
    gone: new Set(more.gone),
    job,
    isOwnJob: more.isOwnJob ?? true,
    clusterUpgrading: more.clusterUpgrading ?? false,
    isTimeUp: more.isTimeUp ?? false,
  };
}

/** Plays a scenario's looks and answers what was concluded after each. */
function play(scenario: Scenario): string[] {
  const watched = watchedOf(scenario);
  let evidence = beginWatch(watched, nodesOf(scenario.before));
  return scenario.looks.map((seen) => {
    const look = lookOf(seen);
    if (seen.more?.hadGap) evidence = { ...evidence, hasGap: true };
    evidence = observe(evidence, watched, look);
    const { nodes, isOpen, isUnconfirmed, begun, reasons } = evaluate(evidence, watched, look);
    const states = nodes.map(({ id, state, reason, isUntouched }) => {
      const notes = [reason, isUntouched ? "untouched" : undefined].filter((note) => note !== undefined);
      return `${id} ${state}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`;
    });
    const end = isUnconfirmed ? "unconfirmed" : isOpen ? "open" : "over";
    const why = reasons.length > 0 ? `: ${reasons.join("; ")}` : "";
    return `${end}${begun ? "" : ", not begun"}${why} | ${states.join(", ")}`;
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
});
