import assert from "node:assert/strict";
import type { AcceptedSync, NodeReset } from "../../../emulator/index.ts";
import type { Happening } from "./happenings.ts";
import type { Run } from "./needless.ts";
import type { Tale } from "./tale.ts";

/** After how long a look must have shown that a wave is done, and two looks what goes on then, in milliseconds. */
const timeToSee = 40_000;

/** No wave has more nodes than it may, and none begins when more nodes have failed, or broken in a soak, than may. */
export function assertWaves(tale: Tale, sent: readonly AcceptedSync[], run: Run): void {
  const { rollout } = run.inputs;
  if (rollout === undefined) return;
  const { canary, waveSize, maxFailures = 0 } = rollout;
  const happens = (...kinds: readonly Happening["kind"][]) =>
    tale.pool.happened.some(({ what: { kind }, at }) => at >= run.from && kinds.includes(kind));
  const resets = tale.harness.emulator.cluster.resetLog();
  for (const [index, sync] of sent.entries()) {
    const size = index === 0 ? (canary ?? waveSize) : waveSize;
    if (typeof size === "number") assert.ok(sync.targets.length <= size, "a wave has too many nodes");
    const serials = new Set<number | undefined>(sent.slice(0, index).map(({ serial }) => serial));
    const before = resets.filter(({ sync: serial }) => serials.has(serial));
    const failed = before.filter(({ outcome, endedAt = 0 }) => outcome === "failed" && endedAt <= sync.at);
    if (!happens("nodeFailsUnseen", "nodesMended"))
      assert.ok(failed.length <= maxFailures, `a wave began after ${failed.length} nodes had failed`);
    if (index === 0 || rollout.soak === undefined || happens("readsFail", "nodesMended")) continue;
    if (happens("emptyList", "shortList", "staleLists") || tale.profile.replicaLag > 0) continue;
    const broken = brokenInSoak(tale, before, sync.at);
    assert.ok(broken <= maxFailures, `a wave began after ${broken} nodes had broken in a soak`);
  }
}

/** How many nodes of the waves before were broken for so long in the soak before this time that two looks must show it. */
function brokenInSoak({ pool }: Tale, before: readonly NodeReset[], at: number): number {
  const done = Math.max(...before.map(({ endedAt = at }) => endedAt)) + timeToSee;
  const ids = new Set(before.filter(({ outcome }) => outcome === "succeeded").map(({ nodeId }) => nodeId));
  const broken = pool.happened.filter(
    ({ what, at: brokeAt, nodeId = "" }) =>
      what.kind === "nodeDisturbed" &&
      what.phase !== "Installing" &&
      what.seconds * 1000 >= timeToSee &&
      ids.has(nodeId) &&
      brokeAt >= done &&
      brokeAt + timeToSee <= at,
  );
  return new Set(broken.map(({ nodeId }) => nodeId)).size;
}
