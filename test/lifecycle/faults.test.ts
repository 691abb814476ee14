import assert from "node:assert/strict";
import { batchTimeout } from "../../provider/sync/run/context.ts";
import { createLifecycleHarness, type LifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";
import { outcomeOf } from "../support/lifecycle/outcome.ts";
import type { Row } from "./faultKinds.ts";
import { postFaults } from "./postFaults.ts";
import { readFaults } from "./readFaults.ts";

const nodesPerPool = 4;
const batches = 2;
/** Milliseconds of real time; an answer from loopback takes a few of them, unless a fault keeps it back. */
const answerTimeout = 3000;
/** A look that begins just before the deadline tries each of its reads again for so long, in milliseconds. */
const lastLook = 8000;

async function openFor({ fault, profile }: Pick<Row, "fault" | "profile">): Promise<LifecycleHarness> {
  const slow = fault.effect.kind === "hang" || fault.effect.kind === "drip";
  const environment: Record<string, string> = fault.kind === "projects" ? { HW_PROJECT_ID: "" } : {};
  const harness = await createLifecycleHarness(
    { nodesPerPool, profile },
    environment,
    slow ? answerTimeout : undefined,
  );
  harness.emulator.cluster.changeConfiguration(harness.inputs.nodePoolId);
  return harness;
}

const postsOf = ({ emulator }: LifecycleHarness) =>
  emulator.requests.filter(({ kind }) => kind === "sync").length;

async function tryOut(row: Row): Promise<void> {
  const harness = await openFor(row);
  const { emulator, clock } = harness;
  try {
    const fault = emulator.addFault(row.fault);
    const timeout = row.minutes === undefined ? undefined : row.minutes * 60_000;
    const begun = clock.now();
    const first = await outcomeOf(harness, { timeout });
    assert.ok(fault.hits > 0, "the fault was never met");
    assert.equal(first.end, row.end, first.message);
    assert.match(first.message, row.says ?? /^$/);
    assert.equal(first.code, row.code);
    assert.equal(postsOf(harness), row.posts);
    assert.equal(emulator.acceptedSyncs.length, row.accepted);
    assert.ok(clock.now() - begun <= (timeout ?? batches * batchTimeout) + lastLook);

    fault.remove();
    harness.restart();
    const second = await outcomeOf(harness, { previous: first.state });
    assert.equal(second.end, "synced", second.message);
    assert.equal(emulator.acceptedSyncs.length, 1);
    const nodes = emulator.cluster.pools[0]?.nodes ?? [];
    assert.ok(nodes.every(({ phase, upToDate }) => phase === "Active" && upToDate));
  } finally {
    await harness.close();
  }
}

for (const [kind, rows] of Object.entries({ sync: postFaults, ...readFaults })) {
  describe(`a fault at a request of the kind ${kind}`, () => {
    for (const row of rows) it(row.sentence, () => tryOut(row));
  });
}
