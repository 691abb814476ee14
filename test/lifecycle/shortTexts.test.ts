import assert from "node:assert/strict";
import { profiles } from "../../emulator/index.ts";
import { type LifecycleHarness, withLifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";
import { outcomeOf } from "../support/lifecycle/outcome.ts";
import { outdate } from "../support/service/outdate.ts";

const [first, second] = ['NodePoolSync "first"', 'NodePoolSync "second"'];

describe("what is wrong for every resource of a run", () => {
  for (const [what, environment, other] of [
    [
      "missing credentials",
      { HW_ENDPOINTS: '{"cce":"http://127.0.0.1:9"}', HW_ACCESS_KEY: "", HW_SECRET_KEY: "" },
      /^NodePoolSync "second": the configuration cannot be used; nothing was sent; NodePoolSync "first" says why\. \[nodepoolsync\/configuration\]$/,
    ],
    [
      "a wrong key",
      { HW_SECRET_KEY: "canary-of-a-wrong-key" },
      /^NodePoolSync "second", node pool \S+ of cluster \S+: the service refuses the credentials; no sync was sent; NodePoolSync "first" says why\. \[nodepoolsync\/credentials-refused\]$/,
    ],
  ] as const) {
    it(`is explained at length by the first resource, each time, and by others in short: ${what}`, () =>
      withLifecycleHarness({}, environment, async (harness) => {
        const errorOf = (name: string) =>
          harness.synchronize(harness.inputs, undefined, undefined, name).then(
            () => assert.fail("it went well"),
            ({ message }: Error) => message,
          );
        const long = await errorOf(first);
        assert.match(await errorOf(second), other);
        assert.equal(await errorOf(first), long);
        assert.ok(long.length > 300 && long.length < 700, long);
      }));
  }
});

/** Everything that is said to the user of a pool with one node, over its life. */
async function lifeOfOne(harness: LifecycleHarness): Promise<string[]> {
  const { emulator, inputs } = harness;
  const [node] = emulator.cluster.pools[0]?.nodes ?? [];
  assert.ok(node);
  const forecasts = [await harness.forecast()];
  const spared = await outcomeOf(harness, { inputs });
  outdate(harness);
  const drifted = await harness.refresh(await harness.synchronize());
  forecasts.push(await harness.forecast(inputs, drifted));
  emulator.cluster.failNode(node.id, { phase: "Error", reason: "no disk", times: 1 });
  const failed = await outcomeOf(harness, { inputs });
  emulator.cluster.setNodePhase(node.id, "Active");
  const late = await outcomeOf(harness, { inputs: { ...inputs, triggers: [1] }, timeout: 60_000 });
  const texts = [spared, failed, late].map(({ message }) => message);
  return [...texts, ...forecasts.map(({ text }) => text), ...harness.messages.map(({ message }) => message)];
}

describe("what is said of a pool with one node", () => {
  for (const profile of ["standard", "bare"] as const) {
    it(`has no word in the plural for one thing: ${profile}`, () =>
      withLifecycleHarness({ nodesPerPool: 1, profile: profiles[profile] }, {}, async (harness) => {
        const texts = await lifeOfOne(harness);
        assert.ok(
          texts.some((text) => /\b1 node\b/.test(text)),
          texts.join("\n"),
        );
        for (const text of texts) assert.doesNotMatch(text, /\b1 (?:nodes|batches|minutes|report|are)\b/);
      }));
  }
});
