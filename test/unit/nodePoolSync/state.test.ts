import assert from "node:assert/strict";
import { UserError } from "../../../provider/errors/errors.ts";
import { declarationOf, recordedOf } from "../../../provider/nodePoolSync/declaration.ts";
import { passwordIn, withPasswordSecret } from "../../../provider/nodePoolSync/inputs/secretInputs.ts";
import {
  readState,
  type State,
  stateVersion,
  writeState,
} from "../../../provider/nodePoolSync/state/state.ts";
import { unwrapSecret } from "../../../provider/util/wire.ts";
import { templateInputs } from "../../support/inputs/inputs.ts";
import { assetOf } from "../../support/inputs/wireFiles.ts";

const password = "Canary-7-plain";
const { content, password: digest } = declarationOf(templateInputs);

/** A state with everything in it that a state can have. */
const state: State = {
  inputs: withoutPassword(templateInputs),
  progress: {
    status: "failed",
    jobId: "j",
    acceptedAt: "2026-01-02T03:04:05.000Z",
    targetNodeCount: 4,
    syncedNodeCount: 1,
    skippedNodeCount: 1,
    failedNodes: [{ id: "n1", name: "node-1", reason: "no disk" }],
    outdatedNodeIds: [],
  },
  record: {
    version: 2,
    endpoint: "https://cce.example",
    projectId: "p",
    password: digest,
    base: content,
    off: ["n1", "n2"],
    owed: { n1: false, n2: "again", n3: null, n4: true },
    tolerated: ["n5"],
    request: {
      ids: ["n1"],
      jobId: "j",
      accepted: true,
      sentAt: "2026-01-02T03:04:05.000Z",
      before: { jobId: "i", transition: "2026-01-02 03:04:05 +0000 UTC" },
      unconfirmed: true,
    },
    unresolved: { watermark: "w" },
    lag: true,
  },
};

function withoutPassword(inputs: typeof templateInputs): State["inputs"] {
  const { lifeCycle } = inputs.nodeTemplate;
  return {
    ...inputs,
    nodeTemplate: { lifeCycle, login: { userPassword: { username: "root" } } },
  };
}

const hasUndefined = (value: unknown): boolean =>
  value === undefined ||
  (typeof value === "object" && value !== null && Object.values(value).some(hasUndefined));

describe("a state", () => {
  it("comes back as it was written, also with wire secrets in it", () => {
    assert.deepEqual(readState(writeState(state)), state);
    assert.deepEqual(readState(withPasswordSecret(writeState(state))), state);
  });

  it("comes back when it holds as little as it can", () => {
    const { version, endpoint, projectId, base } = state.record;
    const record = { version, endpoint, projectId, base, off: [], owed: {}, tolerated: [] } as const;
    const small = { ...state, inputs: { ...state.inputs, nodeTemplate: undefined }, record };
    const { inputs } = readState(writeState(small));
    assert.ok(!("nodeTemplate" in inputs));
    assert.deepEqual(readState(writeState(small)).record, record);
  });

  it("holds no password, and a digest of it that a later declaration is compared with", () => {
    const { password: _, ...record } = state.record;
    const written = writeState({ ...state, inputs: templateInputs, record });
    assert.ok(!JSON.stringify(written).includes(password));
    const read = readState(written);
    assert.match(read.record.password ?? "", /^scrypt\$[\w-]+\$[\w-]+$/);
    assert.equal(recordedOf(read).content, declarationOf(templateInputs, read.record).content);
  });

  it("keeps the salt of the password's digest, so that the content stays comparable", () => {
    const old = { ...state.record, password: "scrypt$c2FsdA$x" };
    const written = writeState({ ...state, inputs: templateInputs, record: old });
    assert.match(String((written.__sync as { password: string }).password), /^scrypt\$c2FsdA\$/);
  });

  it("holds nothing undefined, which Pulumi's dynamic server cannot send", () => {
    const undefinedAnywhere = {
      inputs: { ...state.inputs, force: undefined, triggers: [undefined, { a: undefined }] },
      progress: { ...state.progress, jobId: undefined },
      record: {
        ...state.record,
        password: undefined,
        request: { ids: [], accepted: false, sentAt: "2026-01-02T03:04:05Z", before: { jobId: undefined } },
        unresolved: { watermark: undefined },
        lag: undefined,
      },
    };
    assert.ok(!hasUndefined(writeState(undefinedAnywhere)));
  });

  it("holds assets by their hash, for Pulumi's SDK throws on one without its content", () => {
    const inputs = { ...state.inputs, triggers: [assetOf("h", "text")] };
    const written = writeState({ ...state, inputs });
    assert.deepEqual(written.triggers, [{ asset: "h" }]);
    assert.deepEqual(readState(written).inputs.triggers, [{ asset: "h" }]);
  });

  it("is refused when a newer version wrote it, saying what to install", () => {
    for (const more of [{}, { status: "paused" }]) {
      const newer = { ...writeState(state), ...more, __sync: { version: stateVersion + 1, more: [] } };
      assert.throws(
        () => readState(newer),
        (error: Error) =>
          error instanceof UserError && /newer version of pulumi-cce-nodepool-sync/.test(error.message),
      );
    }
  });

  it("is refused when its record is damaged anywhere: no part of it has a default", () => {
    const written = writeState(state);
    const damaged = Object.keys(written.__sync as object).flatMap((name) =>
      [5, "", [5], { a: 5 }, null].map((value) => [name, value] as const),
    );
    const harmless = new Set(['["endpoint",""]', '["projectId",""]']);
    for (const [name, value] of damaged) {
      if (harmless.has(JSON.stringify([name, value]))) continue;
      const record = { ...(written.__sync as object), [name]: value };
      const what = JSON.stringify({ [name]: value });
      assert.throws(() => readState({ ...written, __sync: record }), UserError, what);
    }
    for (const name of ["version", "endpoint", "projectId", "base", "off", "owed", "tolerated"]) {
      const { [name]: _, ...record } = written.__sync as Record<string, unknown>;
      assert.throws(() => readState({ ...written, __sync: record }), UserError, `without ${name}`);
    }
    const record = { ...(written.__sync as object), more: 1 };
    assert.throws(() => readState({ ...written, __sync: record }), UserError, "with more");
  });

  it("is read though this version would refuse its inputs, so that it can be refreshed and destroyed", () => {
    const inputs = { ...state.inputs, maxUnavailable: 99, nodeIds: [] };
    assert.deepEqual(readState(writeState({ ...state, inputs })).inputs, inputs);
  });

  it("is read without the outputs that a newer version may have added", () => {
    const { inputs } = readState({ ...writeState(state), colour: "red", __engine: {}, __provider: "p" });
    assert.deepEqual(inputs, state.inputs);
  });

  for (const garbage of [
    {},
    { __sync: 5 },
    { ...writeState(state), status: "asleep" },
    { ...writeState(state), __sync: null },
    { ...writeState(state), clusterId: undefined },
    { ...writeState(state), nodeIds: [1] },
    { ...writeState(state), failedNodes: undefined },
  ]) {
    it(`is refused when it is none: ${JSON.stringify(garbage).slice(0, 40)}`, () => {
      assert.throws(() => readState(garbage), UserError);
    });
  }
});

describe("the password in properties", () => {
  it("is wrapped once, alone, and found again", () => {
    const wrapped = withPasswordSecret(withPasswordSecret(templateInputs));
    const { login } = wrapped.nodeTemplate;
    assert.equal(unwrapSecret(login.userPassword.password), password);
    assert.equal(login.userPassword.username, "root");
    assert.equal(passwordIn(wrapped), password);
    assert.equal(passwordIn({ nodeTemplate: { login: { sshKey: "k" } } }), undefined);
  });

  it("is not invented where there is none", () => {
    for (const properties of [{}, { nodeTemplate: null }, { nodeTemplate: { login: "x" } }]) {
      assert.deepEqual(withPasswordSecret(properties), properties);
    }
  });
});
