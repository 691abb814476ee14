import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { Inputs } from "../../provider/nodePoolSync/inputs/schema.ts";
import { createService } from "../../provider/nodePoolSync/service.ts";
import { createSessions } from "../../provider/session/sessions.ts";
import { systemClock } from "../../provider/util/clock.ts";
import { root } from "../support/root.ts";
import { createEmulatorHarness } from "../support/service/emulatorHarness.ts";

/** The command, running: its first output, and its end when it is asked to stop. */
function start(...args: string[]) {
  const child = spawn(process.execPath, [`${root}/emulator/command.ts`, ...args]);
  const problems = text(child.stderr);
  const ended = once(child, "exit");
  return {
    async firstOutput(): Promise<string> {
      const [chunk] = await once(child.stdout.setEncoding("utf8"), "data");
      return chunk;
    },
    async end(signal?: NodeJS.Signals): Promise<{ code: number | null; problems: string }> {
      if (signal !== undefined) child.kill(signal);
      const [code] = await ended;
      return { code, problems: await problems };
    },
  };
}

describe("npm run emulator", () => {
  it("prints one line of JSON, serves, and ends by Ctrl-C", async () => {
    const command = start("--pools", "2", "--nodes", "3", "--default-nodes", "1", "--json");
    const output = await command.firstOutput();
    assert.equal(output.trim().split("\n").length, 1);
    const { url, region, projectId, accessKey, secretKey, clusterId, pools } = JSON.parse(output);
    assert.deepEqual(
      pools.map(({ name, nodeIds }: { name: string; nodeIds: string[] }) => [name, nodeIds.length]),
      [
        ["pool-1", 3],
        ["pool-2", 3],
        ["DefaultPool", 1],
      ],
    );
    for (const value of [region, projectId, accessKey, secretKey, clusterId]) assert.ok(value.length > 0);
    assert.equal((await fetch(`${url}/openstack/latest/securitykey`)).status, 200);
    assert.deepEqual(await command.end("SIGINT"), { code: 0, problems: "" });
  });

  it("prints the address, what to paste into a shell, and the ids", async () => {
    const command = start("--pools", "1");
    const output = await command.firstOutput();
    assert.match(output, /^CCE emulator at http:\/\/127\.0\.0\.1:\d+; Ctrl-C ends it$/m);
    for (const name of ["REGION_NAME", "PROJECT_ID", "ACCESS_KEY", "SECRET_KEY", "ENDPOINTS"]) {
      assert.match(output, new RegExp(`^export HW_${name}='[^']+'$`, "m"));
    }
    assert.match(output, /^cluster: [0-9a-f-]{36}$/m);
    assert.match(output, /^ {2}pool-1: [0-9a-f-]{36} \(10 nodes\)$/m);
    assert.match(output, /^export CCE_NODEPOOL_SYNC_POLL_INTERVAL='5'$/m);
    await command.end("SIGTERM");
  });

  it("has in its JSON the environment that leads a program there, paced for the speed of its nodes", async () => {
    const command = start("--pools", "1", "--nodes", "1", "--speed", "10", "--json");
    const { url, environment } = JSON.parse(await command.firstOutput());
    assert.deepEqual(JSON.parse(environment.HW_ENDPOINTS), { cce: url, iam: url, sts: url, metadata: url });
    assert.equal(environment.CCE_NODEPOOL_SYNC_POLL_INTERVAL, "0.5");
    for (const name of ["HW_REGION_NAME", "HW_PROJECT_ID", "HW_ACCESS_KEY", "HW_SECRET_KEY"])
      assert.ok(environment[name], name);
    await command.end("SIGTERM");
  });

  /** What the command has printed, and a way to its control address. */
  const readOutput = (output: string) => {
    const { environment, control, clusterId, pools } = JSON.parse(output);
    const say = async (path: string, init: RequestInit = { method: "POST" }) => {
      const answer = await fetch(control + path, init);
      return [answer.status, (await answer.text()).trim()];
    };
    return { environment, clusterId, pools, say };
  };

  it("lets nodes be outdated, and a reset fail, from the beginning and while it runs", async () => {
    const many = ["--pools", "2", "--nodes", "2", "--speed", "1000", "--json"];
    const command = start(...many, "--drift", "--fail", "pool-1-node-2");
    const { environment, clusterId, pools, say } = readOutput(await command.firstOutput());
    const service = createService({
      configuration: () => ({ config: () => undefined, environment }),
      clock: systemClock,
      interrupted: new AbortController().signal,
      createSessions,
    });
    const caller = { subject: "sync", report: () => undefined };
    const inputs: Inputs = {
      clusterId,
      nodePoolId: pools[0].id,
      maxUnavailable: 2,
      wait: true,
      onCreate: "outdated",
      onChange: "all",
    };
    const forecast = async () => (await service.forecast(inputs, undefined, caller)).text;
    assert.match(await forecast(), /^will reset 2 of 2 nodes/);
    await assert.rejects(
      service.synchronize(inputs, undefined, caller),
      /1 of 2 nodes not synchronized: pool-1-node-2/,
    );

    assert.deepEqual(await say("/drift/pool-2"), [200, "outdated: the nodes of pool-2"]);
    const [, other] = pools;
    const outdated = async () =>
      (await service.forecast({ ...inputs, nodePoolId: other.id }, undefined, caller)).text;
    assert.match(await outdated(), /^will reset 2 of 2 nodes/);
    assert.deepEqual(await say("/fail/pool-2-node-3", { method: "POST", body: "no disk" }), [
      200,
      "will fail once: the next reset of pool-2-node-3",
    ]);
    await assert.rejects(
      service.synchronize({ ...inputs, nodePoolId: other.id }, undefined, caller),
      /pool-2-node-3 \(no disk\)/,
    );
    assert.deepEqual(await say("/drift"), [200, "outdated: the nodes of pool-1, pool-2"]);
    for (const [path, init, status, text] of [
      ["/drift/pool-3", { method: "POST" }, 404, "there is no node pool pool-3; there are pool-1, pool-2"],
      ["/fail", { method: "POST" }, 404, "only /drift, /drift/POOL and /fail/NODE are known"],
      ["/%", { method: "POST" }, 404, "URI malformed"],
      ["/drift", {}, 405, "use POST"],
    ] as const)
      assert.deepEqual(await say(path, init), [status, text]);
    assert.deepEqual(await command.end("SIGINT"), { code: 0, problems: "" });
  });

  for (const [what, args, problem] of [
    ["an unknown flag", ["--prot", "1"], /--prot/],
    ["a port that is none", ["--port", "65536"], /--port must be a whole number from 0 to 65535/],
    ["nodes that are no number", ["--nodes", "many"], /--nodes must be a whole number/],
    [
      "a node that is not there",
      ["--nodes", "1", "--fail", "nobody"],
      /there is no node nobody; there are pool-1-node-1/,
    ],
    ["an unknown profile", ["--profile", "constructor"], /--profile must be one of standard, /],
  ] as const) {
    it(`ends with status 2 and one line on ${what}`, async () => {
      const { code, problems } = await start(...args).end();
      assert.equal(code, 2);
      assert.match(problems, problem);
      assert.equal(problems.trim().split("\n").length, 1);
    });
  }

  it("ends with status 2 and one line when the port is in use", async () => {
    await using harness = await createEmulatorHarness();
    const { port } = new URL(harness.emulator.url);
    const { code, problems } = await start("--port", port).end();
    assert.equal(code, 2);
    assert.equal(
      problems,
      `emulator: port ${port} is in use by another program; choose another one, or 0 for any that is free\n`,
    );
  });

  it("explains itself", async () => {
    const command = start("--help");
    assert.match(await command.firstOutput(), /--profile NAME/);
    assert.equal((await command.end()).code, 0);
  });
});
