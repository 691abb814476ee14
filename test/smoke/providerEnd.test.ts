import assert from "node:assert/strict";
import { providerText } from "../../sdk/dynamicProvider.ts";
import { ProviderClient } from "../../tools/engine/embedded/provider.ts";
import { providerLauncher } from "../../tools/engine/embedded/sdkProcesses.ts";
import { readProject } from "../../tools/engine/project.ts";
import { root } from "../support/root.ts";

const quiet = { stdout: () => undefined, stderr: () => undefined };

describe("a provider process without an open call", () => {
  // The engine sends SIGINT at the end of each operation, and waits five seconds before it kills the process.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    it(`ends by itself at ${signal}`, async () => {
      const project = await readProject(`${root}/test/fixtures/stack`);
      const launched = await providerLauncher(project, "127.0.0.1:9", process.env, quiet)();
      const client = new ProviderClient(await launched.address);
      await client.configure({});
      const inputs = { __provider: providerText };
      // The first call loads the package. Its inputs lack everything, so that no service is asked.
      const { failures } = await client.check("urn:pulumi:dev::stack::t:m:T::a", {}, inputs, false);
      assert.notEqual(failures.length, 0);
      process.kill(launched.process.pid, signal);
      assert.equal(await launched.process.ended, 0);
      client.close();
    });
});
