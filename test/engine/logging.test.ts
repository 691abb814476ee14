import assert from "node:assert/strict";
import type { Diagnostic, Engine } from "../../tools/engine/index.ts";
import { fixture, onEveryEngine, withEngineHarness } from "../support/programs/engineHarness.ts";
import { withFolder } from "../support/programs/temporaryFolder.ts";

const URN = "urn:pulumi:dev::scripted::pulumi-nodejs:dynamic:Resource::a";

onEveryEngine("an engine reports what is logged to it", (engine) => {
  it("takes a provider's messages with their resource, and marks the passing ones", () =>
    withEngineHarness(engine(), async ({ stack, program, apply, lines }) => {
      program.things.a = {
        inputs: {
          log: [
            { severity: "INFO", message: "3 of 8 done", ephemeral: true },
            { severity: "WARNING", message: "slow today" },
          ],
        },
      };
      await apply();
      const result = await stack.up().result;
      assert.equal(result.ok, true, result.text);
      assert.deepEqual(aboutThings(result.diagnostics), [
        { urn: URN, severity: "info", message: "3 of 8 done", ephemeral: true },
        { urn: URN, severity: "warning", message: "slow today" },
      ]);
      assert.ok(lines.some((line) => line.includes("a") && line.includes("3 of 8 done")));
      assert.ok(lines.some((line) => line.includes("slow today")));
    }));

  it("passes a provider's error on, which fails nothing by itself", () =>
    withEngineHarness(engine(), async ({ stack, program, apply }) => {
      program.things.a = { inputs: { log: [{ severity: "ERROR", message: "not good" }] } };
      await apply();
      const result = await stack.up().result;
      assert.equal(result.ok, true, result.text);
      assert.deepEqual(result.changes, { create: 2 });
      assert.deepEqual(aboutThings(result.diagnostics), [
        { urn: URN, severity: "error", message: "not good" },
      ]);
    }));

  it("takes what a program prints and logs", async () => {
    const { result } = await talk(engine(), "well");
    assert.equal(result.ok, true, result.text);
    assert.deepEqual(result.diagnostics.map(({ severity, message }) => `${severity} ${message}`).sort(), [
      "info on standard error",
      "info on standard output",
      "warning a warning of the program",
    ]);
  });

  it("reports the error of a program that throws, and changes nothing", async () => {
    const { result, outputs } = await talk(engine(), "throw");
    assert.equal(result.ok, false);
    const [error] = result.diagnostics.filter(({ severity }) => severity === "error");
    assert.match(error?.message ?? "", /the program broke/);
    assert.deepEqual(outputs, {});
  });

  it("reports the exit code of a program that leaves", async () => {
    const { result } = await talk(engine(), "exit");
    assert.equal(result.ok, false);
    assert.match(errorsOf(result.diagnostics), /exited with non-zero exit code: 3/);
  });

  it("gives a program the project's default config, and takes its outputs", async () => {
    const { outputs } = await talk(engine(), "well");
    assert.deepEqual(outputs, { greeting: "hello", key: "key-canary", organization: "organization" });
  });

  it("masks the values of config secrets, except those too short to distinguish from other text", async () => {
    const { result, lines } = await talk(engine(), "tellSecret");
    assert.equal(result.ok, true, result.text);
    const logged = [...lines, result.text, JSON.stringify(result)].join("\n");
    assert.match(logged, /the key is \[secret\], the pin is 12/);
    assert.doesNotMatch(logged, /key-canary/);
  });
});

function aboutThings(diagnostics: Diagnostic[]): Diagnostic[] {
  return diagnostics.filter(({ urn }) => urn === URN);
}

function errorsOf(diagnostics: Diagnostic[]): string {
  return diagnostics.map(({ severity, message }) => (severity === "error" ? message : "")).join("\n");
}

function talk(engine: Engine, way: string) {
  return withFolder(async (home) => {
    const lines: string[] = [];
    const stack = await engine.openStack({
      projectDir: fixture("output"),
      home,
      config: { key: { secret: "key-canary" }, pin: { secret: "12" } },
      environment: { WAY: way },
      onLine: (line) => lines.push(line),
    });
    const result = await stack.up().result;
    return { result, outputs: await stack.outputs(), lines };
  });
}
