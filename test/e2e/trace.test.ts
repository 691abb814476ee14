import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { compare } from "../../tools/replay/comparison.ts";
import { readTrace } from "../../tools/replay/recording.ts";
import { replay } from "../../tools/replay/replay.ts";
import { linesOf } from "../support/lifecycle/traces.ts";
import { withPlugin } from "../support/plugin/pluginHarness.ts";
import { onEveryEngine } from "../support/programs/engineHarness.ts";
import { signalProviders, upUntilSeenRunning } from "../support/programs/interruption.ts";
import { hurry, withStackHarness } from "../support/programs/stackHarness.ts";
import { withFolder } from "../support/programs/temporaryFolder.ts";
import { root } from "../support/root.ts";
import { assertNoSecret } from "../support/secretSearch.ts";

/** Fails when today's decisions differ from those in the trace. */
async function assertReplays(text: string): Promise<void> {
  for (const recording of readTrace(text))
    for (const { differences } of compare(recording, await replay(recording)))
      assert.deepEqual(differences, []);
}

// The harness searches the files of the stack's home for its secrets, and so for a trace that got into them.
onEveryEngine("a trace of a program", (engine) => {
  it("is asked for by the stack's configuration, covers every resource in preview, update and refresh, and replays", () =>
    withFolder(async (folder) => {
      const path = `${folder}/trace.jsonl`;
      const stack = { config: { "cce-nodepool-sync:trace": path } };
      await withStackHarness(engine(), { stack, emulator: { pools: 2, ...hurry } }, async (harness) => {
        const { emulator } = harness;
        for (const [at, { id }] of emulator.cluster.pools.entries())
          harness.syncs[`sync-${at}`] = { args: { ...harness.args, nodePoolId: id } };
        for (const verb of ["preview", "up", "refresh"] as const) {
          const { ok, text } = await harness.run(verb);
          assert.ok(ok, text);
        }
        const text = readFileSync(path, "utf8");
        const verbs = linesOf(text).flatMap((line) => (line.trace === "run" ? [line.verb] : []));
        assert.deepEqual([...new Set(verbs)].toSorted(), ["forecast", "refresh", "synchronize"]);
        assert.equal(statSync(path).mode & 0o777, 0o600);
        const ids = emulator.cluster.pools.flatMap(({ id, nodes }) => [id, ...nodes.map((node) => node.id)]);
        assertNoSecret({ "the trace": text }, [...ids, emulator.projectId, ...emulator.issuedSecrets]);
        const state = JSON.stringify(await harness.stack.exportState());
        assert.ok(!state.includes('"trace"'));
        const syncs = readTrace(text).map(({ runs }) =>
          runs.filter(({ asked }) => asked.verb === "synchronize"),
        );
        assert.ok(syncs.some(({ length }) => length === 2));
        await assertReplays(text);
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

  it("is loaded where it is asked for, and not at all where it is not", () =>
    withFolder(async (folder) => {
      const loaded = `${folder}/loaded.txt`;
      const hook = pathToFileURL(join(root, "test/fixtures/preloaded/loadedModules.mjs")).href;
      const environment = { NODE_OPTIONS: `--import=${hook}`, LOADED_MODULES: loaded };
      await withStackHarness(engine(), { environment }, async (harness) => {
        harness.syncs.a = { args: harness.args };
        assert.ok((await harness.run("up")).ok);
        const modules = readFileSync(loaded, "utf8");
        assert.match(modules, /provider\/sessions\.cjs/);
        assert.doesNotMatch(modules, /provider\/trace/);
      });
      const asking = { ...environment, CCE_NODEPOOL_SYNC_TRACE: `${folder}/trace.jsonl` };
      await withStackHarness(engine(), { environment: asking }, async (harness) => {
        harness.syncs.a = { args: harness.args };
        assert.ok((await harness.run("up")).ok);
        assert.match(readFileSync(loaded, "utf8"), /provider\/trace\.cjs/);
      });
    }));
});

describe("a trace of the plugin", () => {
  it("is asked for by the provider's configuration, and replays", () =>
    withFolder(async (folder) => {
      const path = `${folder}/trace.jsonl`;
      await withPlugin({}, async ({ emulator, start, inputs, keep }) => {
        const plugin = await start({ trace: path });
        const { inputs: own } = await plugin.check({ ...inputs, onCreate: "all" });
        const { properties } = await keep(plugin.create(own), own);
        assert.equal(properties.status, "synced");
        const text = readFileSync(path, "utf8");
        const ids = emulator.cluster.pools.flatMap(({ id, nodes }) => [id, ...nodes.map((node) => node.id)]);
        assertNoSecret({ "the trace": text }, [...ids, emulator.projectId, ...emulator.issuedSecrets]);
        assert.equal(statSync(path).mode & 0o777, 0o600);
        await assertReplays(text);
      });
    }));
});
