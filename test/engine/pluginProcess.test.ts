import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Kept, withPlugin } from "../support/plugin/pluginHarness.ts";
import type { PluginProcess } from "../support/plugin/pluginProcess.ts";
import { hasEnded } from "../support/programs/processes.ts";
import { root } from "../support/root.ts";
import { until } from "../support/until.ts";

const statusOf = ({ properties }: Kept) => properties.status;

describe("the plugin's schema", () => {
  it("is given in the version of the schema language that it is in, and in no other", () =>
    withPlugin({}, async ({ start }) => {
      const plugin = await start();
      const { name, functions } = await plugin.schema();
      assert.equal(name, "cce-nodepool-sync");
      assert.ok(functions);
      await assert.rejects(
        plugin.schema(1),
        /in version 0 of Pulumi's schema language, and version 1 was asked for/,
      );
    }));
});

describe("the plugin's process", () => {
  it("says in one line, and prints no port, when it cannot listen", async () => {
    const code = `import net from "node:net";
      net.Server.prototype.listen = function () {
        const error = new Error("listen EADDRINUSE: address already in use 127.0.0.1");
        process.nextTick(() => this.emit("error", error));
        return this;
      };`;
    const preload = `--import=data:text/javascript,${encodeURIComponent(code)}`;
    const file = join(root, "provider/plugin/index.ts");
    const child = spawn(process.execPath, [preload, file, "127.0.0.1:9"], { stdio: "pipe" });
    const texts = { out: "", error: "" };
    child.stdout.setEncoding("utf8").on("data", (text) => (texts.out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (texts.error += text));
    const [exitCode] = await once(child, "close");
    assert.equal(exitCode, 1);
    assert.equal(texts.out, "");
    assert.match(
      texts.error,
      /^the plugin cannot listen on a port of the loopback interface: .*EADDRINUSE.*\n$/,
    );
  });

  it("prints its port and nothing before it", () =>
    withPlugin({}, async (harness) => {
      const plugin = await harness.start();
      assert.match(plugin.output(), /^\d+\n$/);
      assert.equal(plugin.errors(), "");
      assert.match(await plugin.version(), /^\d+\.\d+\.\d+/);
    }));

  it("ends with the engine that started it, also in the middle of a sync", () =>
    withPlugin({ resetSeconds: 360_000 }, async ({ start, inputs, emulator }) => {
      const plugin: PluginProcess = await start();
      const checked = await plugin.check({ ...inputs, onCreate: "all" });
      const lost = assert.rejects(plugin.create(checked.inputs));
      await until(() => emulator.acceptedSyncs.length === 1);
      plugin.orphan();
      await plugin.ended;
      await lost;
      assert.ok(hasEnded(plugin.pid));
    }));

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`answers with what is to be recorded before it ends by ${signal}`, () =>
      withPlugin({ resetSeconds: 360_000 }, async ({ start, inputs, emulator, keep }) => {
        const plugin = await start();
        const checked = await plugin.check({ ...inputs, onCreate: "all" });
        const run = keep(plugin.create(checked.inputs), checked.inputs);
        await until(() => emulator.acceptedSyncs.length === 1);
        plugin.kill(signal);
        assert.equal(statusOf(await run), "inProgress");
        await plugin.ended;
      }));
  }
});
