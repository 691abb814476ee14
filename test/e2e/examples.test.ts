import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../../local/cce/index.ts";
import { onEveryEngine } from "../engine/support.ts";
import { assertNoSecret } from "../support/canaries.ts";
import { hurry } from "../support/lab.ts";
import { root, textOf } from "../support/root.ts";

const examples = await readdir(`${root}/examples`);
const password = "Canary-9-example";

/** Every project that is deployed: each example from its own folder, and the root's, which is the quick start again. */
const projects = [
  { name: "the root", dir: root },
  ...examples.map((name) => ({ name, dir: `${root}/examples/${name}` })),
];

onEveryEngine("an example", (engine) => {
  for (const { name, dir } of projects) {
    it(`is deployed, left alone when nothing changed, and destroyed: ${name}`, async () => {
      const home = await mkdtemp(join(tmpdir(), "example-"));
      const emulator = await startEmulator({ nodesPerPool: 3, ...hurry });
      const lines: string[] = [];
      try {
        const stack = await engine().openStack({
          projectDir: dir,
          home,
          config: {
            clusterId: emulator.cluster.id,
            nodePoolId: emulator.cluster.pools[0]?.id ?? "",
            nodePassword: { secret: password },
          },
          environment: { ...emulator.environment, CCE_NODEPOOL_SYNC_POLL_INTERVAL: "0.1" },
          onLine: (line) => lines.push(line),
        });
        const created = await stack.up().result;
        assert.ok(created.ok, created.text);
        const { length } = emulator.acceptedSyncs;
        assert.ok(length > 0);
        const same = await stack.up().result;
        assert.ok(same.ok, same.text);
        assert.ok((await stack.destroy().result).ok);
        assert.equal(emulator.acceptedSyncs.length, length);
        assertNoSecret({ terminal: lines.join("\n"), log: JSON.stringify(emulator.requests) }, [password]);
      } finally {
        await emulator.close();
        await rm(home, { recursive: true, force: true });
      }
    });
  }
});

describe("the projects", () => {
  for (const { name, dir } of projects) {
    it(`name a file as their program, since the engine would run the package's own entry for a folder: ${name}`, () => {
      const file = dir === root ? "Pulumi.yaml" : `examples/${name}/Pulumi.yaml`;
      assert.match(textOf(file), /^main: \S+\.ts$/m);
    });
  }
});
