import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine, Result, StateResource } from "../../tools/engine/index.ts";
import {
  createEngineHarness,
  type EngineHarness,
  fixture,
  onEveryEngine,
} from "../support/programs/engineHarness.ts";
import { type Scenario, scenarios } from "./scenarios.ts";

interface Outcome {
  calls: string[];
  state: unknown;
}

describe("an engine keeps the rules of the Pulumi engine", () => {
  const outcomes: Record<Engine["kind"], Outcome[]> = { embedded: [], cli: [] };

  onEveryEngine("in the table of scenarios", (engine) => {
    let folder: string;
    let opened: EngineHarness;
    let files: string[];
    before(async () => {
      files = await readdir(fixture("scripted"));
      folder = await mkdtemp(join(tmpdir(), "engine-test-"));
      opened = await createEngineHarness(engine(), folder);
    });
    after(() => rm(folder ?? "", { recursive: true, force: true }));

    for (const scenario of scenarios) {
      it(scenario.title, async () => {
        scenario.change?.(opened.program);
        await opened.apply();
        const result = await run(opened, scenario.run);
        const { deployment } = await opened.stack.exportState({ showSecrets: true });
        const resources = deployment.resources ?? [];
        outcomes[engine().kind].push({ calls: await opened.takeCalls(), state: comparable(resources) });
        check(scenario, result, resources);
      });
    }

    it("writes nothing into the project's folder", async () =>
      assert.deepEqual(await readdir(fixture("scripted")), files));
  });

  describe("with the same provider calls and the same state on both (skipped where there is no Pulumi CLI)", () => {
    for (const [index, { title, errors }] of scenarios.entries()) {
      it(title, function () {
        const embedded = outcomes.embedded[index];
        const cli = outcomes.cli[index];
        if (cli === undefined) return this.skip();
        // Before an error ended the operation, timing decided how far the others came.
        if (errors === undefined) assert.deepEqual(embedded?.calls, cli.calls);
        assert.deepEqual(embedded?.state, cli.state);
      });
    }
  });
});

function run({ stack }: EngineHarness, operation: Scenario["run"]): Promise<Result> {
  if (operation === "upRefresh") return stack.up({ refresh: true }).result;
  return stack[operation]().result;
}

function check(scenario: Scenario, result: Result, resources: StateResource[]): void {
  const errors = result.diagnostics
    .filter(({ severity, message }) => severity === "error" && !/^(update|preview) failed$/.test(message))
    .map(
      ({ urn = "", message }) =>
        `${urn.split("::").at(-1)}: ${message.replace("Preview failed: ", "").trim()}`,
    );
  assert.deepEqual(errors, scenario.errors ?? []);
  assert.equal(result.ok, errors.length === 0, result.text);
  const steps = result.steps
    .filter(({ op }) => op !== "same" && op !== "refresh")
    .map(({ op, name }) => `${op} ${name}`);
  assert.deepEqual(steps.sort(), [...scenario.steps].sort());
  // How much else was looked at before an error ended the operation is a matter of timing.
  if (errors.length > 0) delete result.changes.same;
  assert.deepEqual(result.changes, scenario.changes);
  scenario.state?.(resources, (name) => {
    const found = resources.find(({ urn, delete: condemned }) => urn.endsWith(`::${name}`) && !condemned);
    assert.ok(found, `no resource ${name}`);
    return found;
  });
}

/** State without what is different in every run, and in an order that does not depend on timing. */
function comparable(resources: StateResource[]): unknown {
  return resources
    .map(({ created, modified, sourcePosition, stackTrace, dependencies, ...rest }) => ({
      ...rest,
      dependencies: dependencies?.toSorted(),
      id: rest.type.startsWith("pulumi:providers:") ? "some id" : rest.id,
      provider: rest.provider?.replace(/::[^:]*$/, ""),
    }))
    .sort((a, b) => `${a.urn} ${a.id}`.localeCompare(`${b.urn} ${b.id}`));
}
