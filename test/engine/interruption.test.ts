import assert from "node:assert/strict";
import { embeddedEngine, type Operation, type Result } from "../../tools/engine/index.ts";
import {
  createEngineHarness,
  type EngineHarness,
  onEveryEngine,
  withEngineHarness,
} from "../support/programs/engineHarness.ts";
import { withFolder } from "../support/programs/temporaryFolder.ts";
import { until } from "../support/until.ts";

describe("an operation that is interrupted", () => {
  onEveryEngine("by a Ctrl-C", (engine) => {
    it("lets a provider that sees the Cancel call save what it has, and the next update resumes", () =>
      withEngineHarness(engine(), async (opened) => {
        const result = await interrupted(opened, "wait");
        assert.equal(result.ok, false);
        const { deployment } = await opened.stack.exportState();
        const slow = deployment.resources?.find(({ urn }) => urn.endsWith("::slow"));
        assert.equal(slow?.outputs?.half, true);
        assert.deepEqual(slow?.initErrors, ["first reason", "second reason"]);
        assert.equal(deployment.pending_operations, undefined);

        opened.program.released = true;
        await opened.apply();
        const next = await opened.stack.up().result;
        assert.equal(next.ok, true, next.text);
        assert.deepEqual(next.changes, { create: 1, same: 1, update: 1 });
      }));

    it("waits for a provider that does not mind, saves the resource, and begins nothing new", () =>
      withEngineHarness(engine(), async (opened) => {
        const result = await interrupted(opened, "stubborn", async () => {
          opened.program.released = true;
          await opened.apply();
        });
        assert.equal(result.ok, false);
        assert.match(result.diagnostics.map(({ message }) => message).join("\n"), /update canceled/);
        const { deployment } = await opened.stack.exportState();
        const names = deployment.resources?.map(({ urn }) => urn.split("::").at(-1));
        assert.ok(names?.includes("slow"));
        assert.ok(!names?.includes("after"));
        assert.equal(deployment.pending_operations, undefined);
      }));
  });

  onEveryEngine("by the death of the engine", (engine) => {
    it("leaves the state as last written, with the create on record as pending", () =>
      withEngineHarness(engine(), async (opened) => {
        const { operation, result } = await killed(opened, "wait");
        assert.equal(result.ok, false);
        const { deployment } = await opened.stack.exportState();
        assert.deepEqual(
          deployment.pending_operations?.map(({ type, resource }) => [type, resource.urn.split("::").at(-1)]),
          [["creating", "slow"]],
        );
        assert.ok(!deployment.resources?.some(({ urn }) => urn.endsWith("::slow")));
        await until(() => operation.providerPids().length === 0);
      }));

    it("is followed by an update that creates again, and keeps the old create on record", () =>
      withEngineHarness(engine(), async (opened) => {
        await killed(opened, "wait");
        opened.program.released = true;
        await opened.apply();
        const next = await opened.stack.up().result;
        assert.equal(next.ok, true, next.text);
        const { deployment } = await opened.stack.exportState();
        assert.ok(deployment.resources?.some(({ urn }) => urn.endsWith("::slow")));
        assert.deepEqual(
          deployment.pending_operations?.map(({ type }) => type),
          ["creating"],
        );
      }));
  });

  describe("by the death of the embedded engine", () => {
    it("is the end of a provider process in any case", () =>
      withEngineHarness(embeddedEngine, async (opened) => {
        const { operation } = await killed(opened, "stubborn");
        await until(() => operation.providerPids().length === 0);
      }));

    for (const lines of [3, 4, 6, 8]) {
      it(`leaves a state from which the next update gets to the end (after ${lines} lines)`, () =>
        withFolder(async (folder) => {
          let operation: Operation | undefined;
          let seen = 0;
          const opened = await createEngineHarness(embeddedEngine, folder, {
            onLine: () => {
              seen += 1;
              if (seen === lines) operation?.kill();
            },
          });
          opened.program.things = {
            a: { inputs: { value: 1 } },
            b: { inputs: { value: 1 }, from: { origin: "a" } },
            c: { inputs: { value: 1 }, from: { origin: "b" } },
          };
          await opened.apply();
          operation = opened.stack.up();
          assert.equal((await operation.result).ok, false);
          const next = await opened.stack.up().result;
          assert.equal(next.ok, true, next.text);
          const { deployment } = await opened.stack.exportState();
          assert.equal(deployment.resources?.length, 5);
        }));
    }
  });
});

async function begin(opened: EngineHarness, mode: "wait" | "stubborn"): Promise<Operation> {
  opened.program.things = {
    slow: { inputs: { value: 1, create: mode } },
    after: { inputs: { value: 2 }, from: { origin: "slow" } },
  };
  await opened.apply();
  const operation = opened.stack.up();
  await opened.called("create");
  assert.equal(operation.providerPids().length, 1);
  return operation;
}

/** Interrupts an update while it creates a resource that takes its time. */
async function interrupted(
  opened: EngineHarness,
  mode: "wait" | "stubborn",
  afterwards: () => Promise<void> = async () => undefined,
): Promise<Result> {
  const operation = await begin(opened, mode);
  operation.interrupt();
  await afterwards();
  const result = await operation.result;
  assert.deepEqual(operation.providerPids(), []);
  return result;
}

async function killed(opened: EngineHarness, mode: "wait" | "stubborn") {
  const operation = await begin(opened, mode);
  operation.kill();
  return { operation, result: await operation.result };
}
