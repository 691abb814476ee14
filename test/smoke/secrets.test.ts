import assert from "node:assert/strict";
import { onEveryEngine } from "../support/programs/engineHarness.ts";
import { withStackHarness } from "../support/programs/stackHarness.ts";

const password = "Canary-7-plain";

// The harness searches the state, the history, the terminal and the processes for its passwords when the test ends.
onEveryEngine("the password of a stack's configuration", (engine) => {
  it("is nowhere in plain after a sync that failed and one that went well, and a secret in the state's inputs only", () =>
    withStackHarness(engine(), { stack: { config: { password: { secret: password } } } }, async (harness) => {
      const nodeTemplate = { lifeCycle: {}, login: { userPassword: { password } } };
      harness.syncs.a = { shape: "config", args: { ...harness.args, nodeTemplate } };
      const [node] = harness.emulator.cluster.pools[0]?.nodes ?? [];
      const reason = `could not log in with ${password}`;
      harness.emulator.cluster.failNode(node?.id ?? "", { reason, times: 1 });
      const failed = await harness.run("up");
      assert.equal(failed.ok, false);
      assert.match(failed.text, /could not log in with \[secret\]/);
      const repeated = await harness.run("up");
      assert.ok(repeated.ok, repeated.text);
      const { inputs, outputs } = (await harness.resource("a")) ?? {};
      assert.match(JSON.stringify(inputs?.nodeTemplate), /"password":\{[^}]*"ciphertext"/);
      assert.deepEqual(outputs?.nodeTemplate, {
        lifeCycle: {},
        login: { userPassword: { username: "root" } },
      });
    }));
});
