import assert from "node:assert/strict";
import { readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTrace } from "../../provider/trace/trace.ts";
import { createLifecycleHarness, type LifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";
import { outcomeOf } from "../support/lifecycle/outcome.ts";
import { linesOf, type TraceLine } from "../support/lifecycle/traces.ts";
import { assertNoSecret } from "../support/secretSearch.ts";
import { outdate } from "../support/service/outdate.ts";

const plain = "echo canary-of-a-script\nmount /dev/canary-disk\nset canaryvariable";
const script = Buffer.from(plain).toString("base64");
const password = "Canary-7-plain";
const nodeTemplate = {
  lifeCycle: { postInstall: script },
  login: { userPassword: { username: "canary-user", password } },
};

describe("a trace", () => {
  let folder: string;
  let file: string;
  let environment: Record<string, string>;
  let harness: LifecycleHarness;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "test-"));
    file = join(folder, "trace.jsonl");
    environment = { CCE_NODEPOOL_SYNC_TRACE: file };
    harness = await createLifecycleHarness({ nodesPerPool: 4 }, environment);
    outdate(harness);
  });
  afterEach(async () => {
    await harness.close();
    await rm(folder, { recursive: true });
  });

  const lines = () => linesOf(readFileSync(file, "utf8"));
  const linesAbout = (kind: string) => lines().filter(({ trace }) => trace === kind);

  it("holds every exchange, what was concluded of each node and why, what was reported to the user, and the end", async () => {
    assert.equal((await outcomeOf(harness)).end, "synced");
    const calls = linesAbout("exchange").map(({ method, status }) => `${method} ${status}`);
    assert.equal(calls.length, harness.emulator.requests.length);
    assert.equal(calls.filter((call) => call === "POST 200").length, 1);
    assert.equal(linesAbout("run")[0]?.verb, "synchronize");
    const proofs = linesAbout("verdict").flatMap(({ nodes }) => nodes as { proof?: string }[]);
    assert.ok(proofs.some(({ proof }) => proof === "subJob"));
    assert.match(JSON.stringify(linesAbout("report")), /4 nodes synchronized/);
    const { progress } = linesAbout("end").at(-1) as TraceLine & { progress: { status: string } };
    assert.equal(progress.status, "synced");
  });

  it("is readable by its owner only, and says that it is written", async () => {
    await outcomeOf(harness);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.ok(harness.messages.some(({ message }) => message.startsWith(`writing a trace to ${file}`)));
  });

  it("is never in the state, and changes nothing of what is recorded", async () => {
    const { state } = await outcomeOf(harness);
    assert.doesNotMatch(JSON.stringify(state), /trace/i);
  });

  it("holds no name, id, address or host of the real thing, nor a secret or a script that the service quotes", async () => {
    const { emulator, inputs } = harness;
    const [first, second] = emulator.cluster.pools[0]?.nodes ?? [];
    assert.ok(first && second);
    const reason = `${plain} (${script}) failed on ${first.name} at 192.168.7.7 for ${password}`;
    emulator.cluster.failNode(first.id, { reason, times: 1 });
    emulator.cluster.failNode(second.id, { reason: "canaryvariable is not set in canarygroup", times: 1 });
    const refusal = {
      errorCode: "CCE.01403003",
      errorMessage: `busy: ${second.id} of ${emulator.url}: ${script}`,
    };
    emulator.addFault({ kind: "sync", effect: { kind: "answer", status: 403, body: refusal } });
    const { end, state } = await outcomeOf(harness, { inputs: { ...inputs, nodeTemplate } });
    assert.equal(end, "failed");
    assert.ok(state);
    await harness.refresh(state);
    await harness.forecast({ ...inputs, nodeTemplate, triggers: ["canary-trigger"] }, state);
    const nodes = emulator.cluster.pools[0]?.nodes ?? [];
    const names = nodes.flatMap(({ id, name, serverId }) => [id, name, serverId]);
    const places = [inputs.clusterId, inputs.nodePoolId, emulator.projectId, emulator.region];
    const others = [
      "192.168.7.7",
      new URL(emulator.url).host,
      "canary-user",
      "canary-trigger",
      "canary-disk",
      "canaryvariable",
      "canarygroup",
    ];
    const secrets = [
      password,
      script,
      plain,
      "canary-of-a-script",
      emulator.accessKey,
      ...emulator.issuedSecrets,
    ];
    const text = readFileSync(file, "utf8");
    assertNoSecret({ "the trace": text }, [...names, ...places, ...others, ...secrets]);
    assert.ok(!text.includes(emulator.cluster.pools[0]?.name ?? ""));
    assert.match(text, /"preInstall"|"postInstall":"\[left out\]"/);
  });

  it("records repeated snapshots by their differences", async () => {
    await outcomeOf(harness);
    const bodies = linesAbout("exchange").filter(({ call }) => call === "list the nodes");
    assert.ok(bodies.length > 5);
    assert.equal(bodies.filter(({ body }) => body !== undefined).length, 1);
  });

  it("has what was written when the process died", async () => {
    const died = harness.crashAt(8, "acted");
    void harness.synchronize().catch(() => undefined);
    await died;
    assert.equal(linesAbout("exchange").length, 7);
    assert.equal(linesAbout("end").length, 0);
  });

  it("is appended to by the next process", async () => {
    const { state } = await outcomeOf(harness);
    harness.restart();
    assert.ok(state);
    await harness.refresh(state);
    assert.equal(linesAbout("session").length, 2);
    assert.equal(new Set(lines().map(({ session }) => session)).size, 2);
  });

  it("says that the user has interrupted", async () => {
    harness.interrupt.abort();
    await outcomeOf(harness);
    assert.equal(linesAbout("end").length, 1);
    harness.restart();
    const cut = outcomeOf(harness);
    void harness.clock.sleep(30_000).then(() => harness.interrupt.abort());
    assert.equal((await cut).end, "inProgress");
    assert.equal(linesAbout("interrupted").length, 1);
  });

  for (const [what, prepare, why] of [
    ["a folder that does not exist", () => join(folder, "none", "t"), /cannot be opened to write \(ENOENT\)/],
    ["a folder", () => folder, /cannot be opened to write \(EISDIR\)/],
    ["a link", () => link(), /is a symbolic link; name the file itself/],
    ["a device", () => "/dev/null", /is not a regular file/],
    ["a file of somebody else's", () => other(), /exists and is not a trace; name a new file/],
  ] as const) {
    it(`is refused before anything is sent: ${what}`, async () => {
      environment.CCE_NODEPOOL_SYNC_TRACE = prepare();
      const { end, message, code } = await outcomeOf(harness);
      assert.equal(end, "refused");
      assert.equal(code, "nodepoolsync/configuration");
      assert.match(message, why);
      assert.match(message, /- trace: /);
      assert.equal(harness.emulator.requests.length, 0);
    });
  }

  function link(): string {
    const path = join(folder, "link");
    symlinkSync(join(folder, "elsewhere"), path);
    return path;
  }

  function other(): string {
    const path = join(folder, "Pulumi.yaml");
    writeFileSync(path, "name: canary\n");
    return path;
  }

  it("takes no more bodies once it is full, and still says how it went", async () => {
    const { clock, interrupt } = harness;
    const trace = createTrace({ path: file, clock, interrupted: interrupt.signal, size: 2000 });
    const body = JSON.stringify({
      items: Array.from({ length: 100 }, (_, at) => ({ metadata: { uid: `n${at}` } })),
    });
    const handler = trace.exchanges(async () => ({ status: 200, headers: {}, body }));
    const path = "/api/v3/projects/p/clusters/c/nodes";
    await handler({ call: "list the nodes", method: "GET", origin: "https://x", path, headers: {} });
    trace.run().note("end", { error: { name: "UserError" } });
    assert.equal(linesAbout("exchange")[0]?.isCut, true);
    assert.equal(linesAbout("end").length, 1);
    assert.match(trace.fault() ?? "", /is full, name a new file/);
  });

  it("is not written when nobody asks for it", async () => {
    environment.CCE_NODEPOOL_SYNC_TRACE = "";
    assert.equal((await outcomeOf(harness)).end, "synced");
    assert.equal(statSync(file, { throwIfNoEntry: false }), undefined);
  });
});
