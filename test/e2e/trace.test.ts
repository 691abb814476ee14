import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { compare } from "../../tools/replay/comparison.ts";
import { readTrace } from "../../tools/replay/recording.ts";
import { replay } from "../../tools/replay/replay.ts";
import { onEveryEngine } from "../support/engineHarness.ts";
import { signalProviders, upUntilSeenRunning } from "../support/interruption.ts";
import { assertNoSecret } from "../support/secretSearch.ts";
import { withStackHarness } from "../support/stackHarness.ts";
import { withFolder } from "../support/temporaryFolder.ts";
import { linesOf } from "../support/traces.ts";

// The harness searches the files of the stack's home for its secrets, and so for a trace that got into them.
onEveryEngine("a trace of a program", (engine) => {
  it("is asked for by the stack's configuration, covers preview, update and refresh, and replays", () =>
    withFolder(async (folder) => {
      const path = `${folder}/trace.jsonl`;
      const stack = { config: { "cce-nodepool-sync:trace": path } };
      await withStackHarness(engine(), { stack }, async (harness) => {
        harness.syncs.a = { args: harness.args };
        for (const verb of ["preview", "up", "refresh"] as const) {
          const { ok, text } = await harness.run(verb);
          assert.ok(ok, text);
        }
        const text = readFileSync(path, "utf8");
        const verbs = linesOf(text).flatMap((line) => (line.trace === "run" ? [line.verb] : []));
        assert.deepEqual([...new Set(verbs)].toSorted(), ["forecast", "refresh", "synchronize"]);
        assert.equal(statSync(path).mode & 0o777, 0o600);
        const { emulator } = harness;
        const ids = emulator.cluster.pools.flatMap(({ id, nodes }) => [id, ...nodes.map((node) => node.id)]);
        assertNoSecret({ "the trace": text }, [...ids, emulator.projectId, ...emulator.issuedSecrets]);
        const state = JSON.stringify(await harness.stack.exportState());
        assert.ok(!state.includes('"trace"'));
        for (const recording of readTrace(text))
          for (const { differences } of compare(recording, await replay(recording)))
            assert.deepEqual(differences, []);
      });
    }));

  it("has what was written when the provider was killed", () =>
    withFolder(async (folder) => {
      const path = `${folder}/trace.jsonl`;
      const environment = { CCE_NODEPOOL_SYNC_TRACE: path };
      await withStackHarness(engine(), { environment }, async (harness) => {
        harness.syncs.a = { args: harness.args };
        await harness.apply();
        await upUntilSeenRunning(harness, (up) => signalProviders(up, "SIGKILL"));
        const lines = linesOf(readFileSync(path, "utf8"));
        assert.ok(lines.some(({ method, status }) => method === "POST" && status === 200));
        assert.ok(!lines.some(({ trace, verb }) => trace === "end" && verb === "synchronize"));
        assert.notEqual(lines.at(-1)?.trace, "end");
      });
    }));
});
