import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { createEmulatorHarness } from "../support/emulatorHarness.ts";
import { root } from "../support/root.ts";

/** The command, running: its first output, and its end when it is told to end. */
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
    await command.end("SIGTERM");
  });

  for (const [what, args, problem] of [
    ["an unknown flag", ["--prot", "1"], /--prot/],
    ["a port that is none", ["--port", "65536"], /--port must be a whole number from 0 to 65535/],
    ["nodes that are no number", ["--nodes", "many"], /--nodes must be a whole number/],
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
