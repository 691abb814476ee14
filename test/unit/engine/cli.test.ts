import assert from "node:assert/strict";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { createEventReader } from "../../../tools/engine/cli/events.ts";
import { findCli } from "../../../tools/engine/index.ts";
import { withFolder } from "../../support/programs/temporaryFolder.ts";

const SHELL_CLI = "#!/bin/sh\necho v9.8.7\n";
const NPM_SCRIPT = "#!/usr/bin/env node\nconsole.log('v1.1.1');\n";
const BROKEN = "#!/bin/sh\nexit 1\n";

/** Puts executables in place and looks for a CLI where only they can be found. */
function find(executables: { path?: string; cached?: Record<string, string> }) {
  return withFolder(async (folder) => {
    const onPath = join(folder, "bin");
    await place(onPath, executables.path);
    for (const [version, content] of Object.entries(executables.cached ?? {})) {
      await place(join(folder, "home", "versions", version, "bin"), content);
    }
    const { PATH, PULUMI_HOME } = process.env;
    Object.assign(process.env, { PATH: onPath, PULUMI_HOME: join(folder, "home") });
    try {
      return (await findCli())?.name;
    } finally {
      process.env.PATH = PATH;
      if (PULUMI_HOME === undefined) delete process.env.PULUMI_HOME;
      else process.env.PULUMI_HOME = PULUMI_HOME;
    }
  });
}

async function place(folder: string, content: string | undefined): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (content === undefined) return;
  await writeFile(join(folder, "pulumi"), content);
  await chmod(join(folder, "pulumi"), 0o755);
}

describe("a Pulumi CLI", () => {
  it("is found on PATH", async () => assert.equal(await find({ path: SHELL_CLI }), "Pulumi CLI v9.8.7"));

  it("is not the script that npm puts on PATH, which would download one", async () =>
    assert.equal(await find({ path: NPM_SCRIPT }), undefined));

  it("is the one that was downloaded, the newest that works", async () => {
    const cached = { "3.9.0": SHELL_CLI.replace("9.8.7", "3.9.0"), "3.10.0": SHELL_CLI, "3.11.0": BROKEN };
    assert.equal(await find({ path: NPM_SCRIPT, cached }), "Pulumi CLI v9.8.7");
  });

  it("is not an empty file left by a download that failed", async () =>
    assert.equal(await find({ cached: { "3.9.0": "" } }), undefined));

  it("is missing where there is none", async () => assert.equal(await find({}), undefined));
});

describe("the events of a CLI", () => {
  it("report the steps but those of default providers, the messages but those for debugging, and the counts", () => {
    const urn = "urn:pulumi:dev::p::a:b:C::name::x";
    const step = (type: string) => ({ resourcePreEvent: { metadata: { op: "create", urn, type } } });
    const { read, result } = createEventReader();
    const events = [
      step("pulumi:providers:pulumi-nodejs"),
      step("a:b:C"),
      { diagnosticEvent: { message: "hidden", severity: "debug" } },
      { diagnosticEvent: { urn, message: "note\n\n", severity: "info#err", ephemeral: true } },
      { diagnosticEvent: { message: "bad\n", severity: "error" } },
      { summaryEvent: { resourceChanges: { create: 1 } } },
    ];
    for (const event of events) read(event as unknown as EngineEvent);
    assert.deepEqual(result, {
      steps: [{ op: "create", urn, type: "a:b:C", name: "name::x" }],
      diagnostics: [
        { severity: "info", message: "note", urn, ephemeral: true },
        { severity: "error", message: "bad" },
      ],
      changes: { create: 1 },
    });
  });
});
