import fc from "fast-check";
import { check } from "../../../provider/nodePoolSync/inputs/check.ts";
import { salt } from "../../../provider/nodePoolSync/inputs/password.ts";
import type { Inputs } from "../../../provider/nodePoolSync/inputs/schema.ts";

/** Ids as strange as the checks let them be: nothing in them is white space, a control character or half a pair. */
export const pathId = fc
  .array(
    fc.oneof(fc.constantFrom(..."aZ0-_.~%/?#&=+:;@'\"<>\\", "..", "%2e", "%0d%0a", "é", "🚀"), fc.string()),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((parts) => parts.join("").replace(/\s/g, "_") || "x")
  .map((id) => (/^\.{1,2}$/.test(id) ? "dots" : id));

const nodeIds = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 });
const excludeNodeIds = fc.array(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 3 });
const script = fc.base64String({ minLength: 4, maxLength: 24 });
/** Salted beforehand: to salt takes thousands of rounds. */
const password = fc.constantFrom(salt("Canary-7-plain"), salt("Canary-8-plain"), salt("Grün-und_Blau7"));

const userPassword = fc.record({ username: fc.string({ minLength: 1 }), password });
const template = fc.record(
  {
    lifeCycle: fc.record(
      { preInstall: script, postInstall: script, waitPostInstallFinish: fc.boolean() },
      { requiredKeys: [] },
    ),
    login: fc.oneof(fc.record({ sshKey: fc.string({ minLength: 1 }) }), fc.record({ userPassword })),
    volumeConfig: fc.record(
      { volumeResetPolicy: fc.constantFrom("reset_managed_volumes", "retain_custom_volumes") },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["lifeCycle", "login"] },
);

/** Anything of JSON, with the numbers and keys in it that are special to JavaScript. */
const { trigger } = fc.letrec((tie) => ({
  trigger: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      -0,
      1e308,
      5e-324,
      2 ** 53,
      "",
      "2026-01-02T03:04:05Z",
      "NaN",
      "null",
    ),
    fc.string({ maxLength: 6 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie("trigger"), { maxLength: 3 }),
    fc.dictionary(
      fc.oneof(fc.constantFrom("constructor", "toString", "a", ""), fc.string()),
      tie("trigger"),
      {
        maxKeys: 3,
      },
    ),
  ),
}));
const triggers = fc.oneof(
  fc.array(trigger, { maxLength: 3 }),
  fc.dictionary(fc.string(), trigger, { maxKeys: 3 }),
);

const percentage = fc.integer({ min: 1, max: 100 }).map((share) => `${share}%`);
const amount = fc.oneof(fc.integer({ min: 1, max: 2000 }), percentage);
const rollout = fc
  .record(
    {
      canary: amount,
      waveSize: amount,
      zoneByZone: fc.boolean(),
      soak: fc.constantFrom("90s", "10m", "1h30m", "24h"),
      maxFailures: fc.nat(),
    },
    { requiredKeys: [] },
  )
  .map((parts) => ("canary" in parts || "waveSize" in parts ? parts : { ...parts, zoneByZone: true }));

/** Inputs that are right, as they come out of the check. */
export const validInputs: fc.Arbitrary<Inputs> = fc
  .record(
    {
      clusterId: pathId,
      nodePoolId: fc.oneof(pathId, fc.constant("DefaultPool")),
      maxUnavailable: fc.oneof(fc.integer({ min: 1, max: 20 }), percentage),
      rollout,
      nodeIds,
      excludeNodeIds,
      nodeTemplate: template,
      force: fc.boolean(),
      onCreate: fc.constantFrom("outdated", "all", "nothing"),
      onChange: fc.constantFrom("all", "outdated"),
      validateStorage: fc.boolean(),
      triggers,
      wait: fc.boolean(),
      region: fc.constantFrom("eu-west-101", "r"),
      projectId: pathId,
      endpoint: fc.constantFrom("https://cce.example.com", "http://127.0.0.1:9"),
    },
    { requiredKeys: ["clusterId", "nodePoolId", "maxUnavailable"] },
  )
  .map(({ nodeIds, excludeNodeIds, nodeTemplate, wait, ...others }) => {
    const hasTemplate = nodeTemplate !== undefined || others.nodePoolId === "DefaultPool";
    const news = {
      ...others,
      ...(wait !== undefined && { wait: wait || others.rollout !== undefined }),
      ...(nodeIds === undefined ? excludeNodeIds && { excludeNodeIds } : { nodeIds }),
      ...(hasTemplate && { nodeTemplate: nodeTemplate ?? { lifeCycle: {}, login: { sshKey: "k" } } }),
    };
    const { inputs, problems } = check({ ...news });
    if (problems.length > 0) throw new Error(problems.join("\n"));
    return inputs as unknown as Inputs;
  });
