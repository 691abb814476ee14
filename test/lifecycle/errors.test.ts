import assert from "node:assert/strict";
import { errorCodes } from "../../provider/errors/codes.ts";
import { createLifecycleHarness, type LifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";
import { outcomeOf } from "../support/lifecycle/outcome.ts";
import { assertNoSecret } from "../support/secretSearch.ts";
import { outdate } from "../support/service/outdate.ts";
import { type Arrangement, cases, type Name } from "./errorCases.ts";
import { errorTexts } from "./errorMessages.ts";

/** The text with what differs from run to run named. */
function readable(text: string, { emulator, inputs }: LifecycleHarness): string {
  const names: [string, string][] = [
    [inputs.nodePoolId, "<pool>"],
    [emulator.cluster.id, "<cluster>"],
    [new URL(emulator.url).host, "<host>"],
    ...(emulator.cluster.defaultPool.nodes.map(({ id }) => [id, "<node>"]) as [string, string][]),
  ];
  const named = names.reduce((sofar, [value, name]) => sofar.replaceAll(value, name), text);
  return (
    named
      .replace(/request id [0-9a-f]{32}/g, "request id <request>")
      // Nodes and pools are listed at the same time, and with a token either may be refused first.
      .replace(/list the node pools (with 40[14] .*the token is invalid)/, "list the nodes $1")
      .replace(/(127\.0\.0\.1:)\d{2,}/g, "$1<port>")
  );
}

describe("the error of a sync", () => {
  for (const name of Object.keys(errorTexts) as Name[]) {
    it(`says what happened, to which pool, and what to do: ${name}`, async () => {
      const { arrange, profile, nodesPerPool = 3, recorded, timeout, accepted = 0 } = cases[name];
      const environment = { ...cases[name].environment };
      const opened: { close(): Promise<void> }[] = [];
      const use: Arrangement["use"] = (thing) => {
        opened.push(thing);
        return thing;
      };
      const harness = await createLifecycleHarness(
        { defaultPoolNodes: 1, nodesPerPool, profile },
        environment,
      );
      try {
        outdate(harness);
        const inputs = { ...harness.inputs, ...(await arrange?.(harness, { environment, use })) };
        const { message } = await outcomeOf(harness, { inputs, recorded, timeout });
        assert.equal(readable(message, harness), errorTexts[name]);
        assert.equal(harness.emulator.acceptedSyncs.length, accepted);
        assertNoSecret({ message }, [
          harness.emulator.secretKey,
          harness.emulator.token,
          "canary-of-a-password",
          "canary-of-a-token",
        ]);
      } finally {
        for (const thing of opened) await thing.close();
        await harness.close();
      }
    });
  }

  it("names the pool and the cluster once, and where a sync was accepted, says so first", () => {
    for (const [name, text] of Object.entries(errorTexts)) {
      for (const id of ["node pool <pool>", "<cluster>"])
        assert.ok(text.split(id).length <= 2, `${name}: ${text}`);
      if (/sync was accepted/.test(text))
        assert.match(
          text,
          /<cluster>: (the sync was accepted|it is not known whether the sync was accepted)/,
          name,
        );
    }
  });

  it("ends with a code, and each code ends one", () => {
    const ends = Object.values(errorTexts).map((text) => /[^\]] \[([a-z/-]+)\]$/.exec(text)?.[1]);
    assert.deepEqual([...new Set(ends)].sort(), Object.values(errorCodes).sort());
  });
});
