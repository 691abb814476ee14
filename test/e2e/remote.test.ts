import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { compare } from "../../tools/replay/comparison.ts";
import { readTrace } from "../../tools/replay/recording.ts";
import { replay } from "../../tools/replay/replay.ts";
import { withFolder } from "../support/programs/temporaryFolder.ts";
import { root } from "../support/root.ts";
import { assertNoSecret } from "../support/secretSearch.ts";
import { openTlsFront } from "../support/service/proxies.ts";

interface Remote {
  readonly emulator: Emulator;
  readonly trace: string;
  readonly environment: Record<string, string>;
  run(
    environment?: Record<string, string | undefined>,
  ): Promise<{ code: number | null; out: string; err: string }>;
}

/** The command of util-linux that runs another one on a terminal of its own. */
const hasTerminals =
  spawnSync("script", ["--version"], { encoding: "utf8" }).stdout?.includes("util-linux") ?? false;
if (!hasTerminals)
  process.stderr.write("not run: nothing is typed on a terminal, since there is no script of util-linux\n");

/** Runs the command on a terminal, and types the keys when it asks for the pool's name. */
async function runOnTerminal(
  environment: Record<string, string>,
  keys: string,
): Promise<{ code: unknown; out: string }> {
  const { CCE_REMOTE_CONFIRM: _none, ...asking } = environment;
  const command = `"${process.execPath}" test/remote/command.ts`;
  const child = spawn(
    "script",
    ["--quiet", "--return", "--echo", "never", "--command", command, "/dev/null"],
    {
      cwd: root,
      env: asking,
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  let out = "";
  for await (const chunk of child.stdout) {
    const isAsked = out.includes("Type the name");
    out += chunk;
    if (!isAsked && out.includes("Type the name")) child.stdin.write(keys);
  }
  child.stdin.end();
  if (child.exitCode === null) await once(child, "exit");
  return { code: child.exitCode, out };
}

/** The emulated service behind TLS with an issuer of its own: as far as the command knows, a real account. */
function withRemote(use: (remote: Remote) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const emulator = await startEmulator({ nodesPerPool: 3, speed: 60 });
    const front = await openTlsFront(emulator.url);
    const trace = join(folder, "trace.jsonl");
    const [pool] = emulator.cluster.pools;
    const standard = {
      PATH: process.env.PATH ?? "",
      HW_REGION_NAME: emulator.region,
      HW_PROJECT_ID: emulator.projectId,
      HW_ACCESS_KEY: emulator.accessKey,
      HW_SECRET_KEY: emulator.secretKey,
      HW_ENDPOINTS: JSON.stringify({ cce: `https://localhost:${front.port}` }),
      OS_CACERT: join(root, "test/fixtures/tls/ca.pem"),
      CCE_NODEPOOL_SYNC_POLL_INTERVAL: "0.1",
      CCE_NODEPOOL_SYNC_TRACE: trace,
      CCE_REMOTE: "1",
      CCE_REMOTE_CLUSTER_ID: emulator.cluster.id,
      CCE_REMOTE_NODE_POOL_ID: pool?.id ?? "",
      CCE_REMOTE_CONFIRM: pool?.name ?? "",
    };
    const run: Remote["run"] = async (environment = {}) => {
      const child = spawn(process.execPath, ["test/remote/command.ts"], {
        cwd: root,
        env: { ...standard, ...environment },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const [out, err, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, "exit"),
      ]);
      return { code, out, err };
    };
    try {
      await use({ emulator, trace, environment: standard, run });
    } finally {
      await front.close();
      await emulator.close();
    }
  });
}

describe("the test against a real account, tried on the emulator over TLS", () => {
  it("runs the main job, a resume and a refresh, resets one node only, and leaves a trace that replays", () =>
    withRemote(async ({ emulator, trace, run }) => {
      const { code, out, err } = await run();
      assert.equal(code, 0, out + err);
      assert.match(out, /WARNING: this resets 1 of 3 nodes of the node pool pool-1, TWICE: pool-1-node-1\n/);
      assert.equal(out.match(/✔/g)?.length, 5);
      const [node] = emulator.cluster.pools[0]?.nodes ?? [];
      assert.deepEqual(
        emulator.acceptedSyncs.map(({ targets }) => targets),
        [[node?.id], [node?.id]],
      );
      assert.deepEqual(
        emulator.resets.map(({ nodeId, outcome }) => [nodeId, outcome]),
        [
          [node?.id, "succeeded"],
          [node?.id, "succeeded"],
        ],
      );
      assert.equal(statSync(trace).mode & 0o777, 0o600);
      const recorded = readFileSync(trace, "utf8");
      assertNoSecret({ "the trace": recorded, "the terminal": out + err }, emulator.issuedSecrets);
      assertNoSecret({ "the trace": recorded }, [node?.id ?? "", emulator.projectId, emulator.accessKey]);
      for (const recording of readTrace(recorded))
        for (const { differences } of compare(recording, await replay(recording)))
          assert.deepEqual(differences, []);
    }));

  for (const [what, keys] of [
    ["another name", "workers\n"],
    ["nothing", "\n"],
    ["Ctrl-C", "\u0003"],
    ["Ctrl-D", "\u0004"],
    ["Ctrl-C after the name", "pool-1\u0003"],
  ] as const) {
    (hasTerminals ? it : it.skip)(`does nothing when somebody types ${what}`, () =>
      withRemote(async ({ emulator, environment }) => {
        const { code, out } = await runOnTerminal(environment, keys);
        assert.equal(code, 2, out);
        assert.match(out, /not confirmed; no node was reset/);
        assert.equal(emulator.acceptedSyncs.length, 0);
        assert.ok(emulator.requests.every(({ kind }) => kind !== "sync"));
      }),
    );
  }

  (hasTerminals ? it : it.skip)("begins when somebody types the pool's name", () =>
    withRemote(async ({ emulator, environment }) => {
      const { code, out } = await runOnTerminal(environment, "pool-1\n");
      assert.equal(code, 0, out);
      assert.equal(emulator.acceptedSyncs.length, 2);
    }),
  );

  for (const [what, environment, why] of [
    [
      "nobody says that a real account is meant",
      { CCE_REMOTE: "" },
      /nothing was done\nCCE_REMOTE=1 npm run/,
    ],
    ["no pool is named", { CCE_REMOTE_NODE_POOL_ID: "" }, /set CCE_REMOTE_NODE_POOL_ID: id of the node pool/],
    ["the pool's name is another", { CCE_REMOTE_CONFIRM: "workers" }, /not confirmed; no node was reset/],
    ["the pool's name is empty", { CCE_REMOTE_CONFIRM: "" }, /not confirmed; no node was reset/],
    ["nobody is there to confirm it", { CCE_REMOTE_CONFIRM: undefined }, /nobody can confirm it here/],
    [
      "the pool is not there",
      { CCE_REMOTE_NODE_POOL_ID: "none" },
      /has no node pool none; no node was reset/,
    ],
    ["a node is not the pool's", { CCE_REMOTE_NODE_IDS: "x" }, /x is no node of the pool; no node was reset/],
    ["the certificate is not trusted", { OS_CACERT: "" }, /has a certificate that is not trusted/],
  ] as const) {
    it(`does nothing when ${what}`, () =>
      withRemote(async ({ emulator, run }) => {
        const { code, err } = await run(environment);
        assert.equal(code, 2);
        assert.match(err, why);
        assert.equal(emulator.acceptedSyncs.length, 0);
      }));
  }
});
