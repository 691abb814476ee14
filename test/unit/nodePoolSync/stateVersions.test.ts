import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { type Emulator, startEmulator } from "../../../emulator/index.ts";
import * as entry from "../../../provider/index.ts";
import type { NodeTemplate } from "../../../provider/nodePoolSync/inputs/schema.ts";
import { stateVersion } from "../../../provider/nodePoolSync/state/state.ts";
import { hurry } from "../../support/programs/stackHarness.ts";
import { textOf } from "../../support/root.ts";

type Properties = Record<string, unknown>;

/** Every state that was ever written, as the engine hands it over; named by its version and its status. */
const folder = "test/fixtures/states";
const files = readdirSync(new URL("../../fixtures/states/", import.meta.url)).sort();

interface Expected {
  readonly unchanged: boolean;
  /** What a refresh makes of it. */
  readonly refreshed: string;
  readonly targets: number;
  readonly end: string;
}

/** What becomes of a state by its status, long after, on a cluster where nothing has happened since. */
const expected: Record<string, Expected> = {
  accepted: { unchanged: true, refreshed: "accepted", targets: 4, end: "accepted" },
  inProgress: { unchanged: false, refreshed: "inProgress", targets: 4, end: "synced" },
  synced: { unchanged: true, refreshed: "synced", targets: 4, end: "synced" },
  failed: { unchanged: false, refreshed: "failed", targets: 1, end: "synced" },
};
/** The request of this one had named one node. */
const narrowed = "v1-inProgress-password.json";

describe("a recorded state", () => {
  let emulator: Emulator;

  beforeEach(async () => {
    emulator = await startEmulator({ nodesPerPool: 4, ...hurry });
    const { environment } = emulator;
    const config: Record<string, string | undefined> = {
      "huaweicloud:region": environment.HW_REGION_NAME,
      "huaweicloud:projectId": environment.HW_PROJECT_ID,
      "huaweicloud:accessKey": environment.HW_ACCESS_KEY,
      "huaweicloud:secretKey": environment.HW_SECRET_KEY,
      "huaweicloud:endpoints": environment.HW_ENDPOINTS,
      "cce-nodepool-sync:pollInterval": "0.05",
    };
    entry.configure({ config: { get: (key) => config[key] } });
  });
  afterEach(async () => {
    entry.configure({ config: { get: () => undefined } });
    await emulator.close();
  });

  /** The state as if it had been written for the emulated cluster. */
  function load(file: string): Properties & { __sync: Properties } {
    const { url, projectId, cluster } = emulator;
    const { id = "", nodes = [] } = cluster.pools[0] ?? {};
    const created = new Date(nodes[0]?.createdAt ?? 0).toISOString();
    const values: Record<string, string | undefined> = {
      endpoint: url,
      projectId,
      clusterId: cluster.id,
      nodePoolId: id,
      watermark: created.replace("T", " ").replace("Z", "000000 +0000 UTC"),
      ...Object.fromEntries(nodes.map((node, index) => [`node${index + 1}`, node.id])),
    };
    const text = textOf(`${folder}/${file}`);
    return JSON.parse(text.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name] ?? assert.fail(name)));
  }

  /** The inputs that the state was made of, as the engine hands them over. */
  function inputsOf(state: Properties): Properties {
    const names = ["clusterId", "nodePoolId", "maxUnavailable", "nodeTemplate", "triggers", "wait"];
    const inputs = Object.fromEntries(
      Object.entries(state).filter(([name]) => names.includes(name) || name === "__provider"),
    );
    const { nodeTemplate } = structuredClone(inputs) as { nodeTemplate?: NodeTemplate };
    const userPassword = nodeTemplate?.login.userPassword;
    // Of version 2, the state does not hold it.
    if (userPassword !== undefined) userPassword.password = "Canary-7-plain";
    return { ...inputs, ...(nodeTemplate && { nodeTemplate }), onCreate: "outdated", onChange: "all" };
  }

  const idOf = ({ clusterId, nodePoolId }: Properties) => `${clusterId}/${nodePoolId}`;

  it("is there of every version and with every status", () => {
    const versions = Array.from({ length: stateVersion }, (_, index) => `v${index + 1}`);
    const all = versions.flatMap((version) =>
      Object.keys(expected).map((status) => `${version}-${status}.json`),
    );
    assert.deepEqual(
      files.filter((file) => !file.includes("-password")),
      all.sort(),
    );
  });

  for (const file of files) {
    const status = file.replace(/^v\d+-([^-]*)(-password)?\.json$/, "$1");
    const { unchanged, refreshed, targets: most, end } = expected[status] ?? assert.fail(file);
    const targets = file === narrowed ? 1 : most;

    describe(file, () => {
      let state: ReturnType<typeof load>;
      beforeEach(() => {
        state = load(file);
        const [broken] = state.failedNodes as { id: string; reason: string }[];
        if (broken !== undefined) emulator.cluster.setNodePhase(broken.id, "Error", broken.reason);
      });

      it(`is refreshed as ${refreshed}, since nothing has happened`, async () => {
        const { id, props } = await entry.read(idOf(state), state);
        assert.equal(id, idOf(state));
        const read: Properties = props;
        assert.equal(read.status, refreshed);
        assert.equal(read.__provider, state.__provider);
        assert.deepEqual(read.failedNodes, state.failedNodes);
        assert.equal(emulator.acceptedSyncs.length, 0);
      });

      it("leaves the state when its pool is gone", async () => {
        emulator.cluster.removePool(String(state.nodePoolId));
        assert.deepEqual(await entry.read(idOf(state), state), { id: "", props: {} });
      });

      it(`shows ${unchanged ? "no change" : "a change"} with the inputs that it was made of`, async () => {
        const { changes, replaces } = await entry.diff(idOf(state), state, inputsOf(state));
        assert.deepEqual({ changes, replaces }, { changes: !unchanged, replaces: [] });
      });

      it("is replaced when the pool is another one", async () => {
        const { replaces } = await entry.diff(idOf(state), state, {
          ...inputsOf(state),
          nodePoolId: "other",
        });
        assert.deepEqual(replaces, ["nodePoolId"]);
      });

      it(`is brought to its end by an update, which syncs ${targets} of its 4 nodes once`, async () => {
        const news = unchanged ? { ...inputsOf(state), triggers: ["b"] } : inputsOf(state);
        const { outs } = await entry.update(idOf(state), state, news);
        const recorded: Properties = outs ?? {};
        assert.equal(recorded.status, end);
        assert.equal((recorded.__sync as Properties).version, stateVersion);
        assert.deepEqual(
          emulator.acceptedSyncs.map((sync) => sync.targets.length),
          [targets],
        );
      });

      it("is deleted without a request", async () => {
        await entry.delete();
        assert.equal(emulator.requests.length, 0);
      });
    });
  }

  const unreadable: Record<string, { sync: unknown; text: RegExp }> = {
    "that a newer version wrote": {
      sync: { version: stateVersion + 1, endpoint: "https://cce.example", projectId: "p" },
      text: /written by a newer version of pulumi-cce-nodepool-sync .*Install the newest version of the package/,
    },
    "whose bookkeeping is a number": {
      sync: 5,
      text: /cannot be read\. .*run `pulumi state delete` .* \[nodepoolsync\/unreadable-state\]$/,
    },
    "whose bookkeeping is null": {
      sync: null,
      text: /cannot be read\. .*run `pulumi state delete` .* \[nodepoolsync\/unreadable-state\]$/,
    },
    "whose bookkeeping has other types": {
      sync: { version: "1", endpoint: [], projectId: {} },
      text: /cannot be read\. .*run `pulumi state delete` .* \[nodepoolsync\/unreadable-state\]$/,
    },
  };

  for (const [which, { sync, text }] of Object.entries(unreadable)) {
    it(`${which} is refused by read and update in a sentence, differs, and can be deleted; nothing is sent`, async () => {
      const state = { ...load("v1-synced.json"), __sync: sync };
      for (const call of [
        entry.read(idOf(state), state),
        entry.update(idOf(state), state, { ...inputsOf(state), triggers: ["b"] }),
      ]) {
        await assert.rejects(call, (error: Error) => {
          assert.match(error.message, text);
          assert.equal(error.stack, "", "no stack is shown");
          return true;
        });
      }
      assert.deepEqual(await entry.diff(idOf(state), state, inputsOf(state)), {
        changes: true,
        replaces: [],
      });
      await entry.delete();
      assert.equal(emulator.requests.length, 0);
    });
  }
});
