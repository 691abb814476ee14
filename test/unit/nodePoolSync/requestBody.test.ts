import assert from "node:assert/strict";
import { verify } from "unixcrypt";
import { declarationOf } from "../../../provider/nodePoolSync/declaration.ts";
import { check } from "../../../provider/nodePoolSync/inputs/check.ts";
import type { Inputs } from "../../../provider/nodePoolSync/inputs/schema.ts";
import { smallInputs, templateInputs } from "../../support/inputs/inputs.ts";

/** The two example requests of the API's page. */
const nodeIDs = ["aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa", "bbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbb"];
const ownPoolExample = {
  spec: { maxUnavailable: 1, nodeIDs, nodePoolID: "cccccccc-cccc-cccc-cccc-cccccccccccc" },
};
const defaultPoolExample = {
  spec: {
    maxUnavailable: 1,
    nodeIDs,
    nodePoolID: "DefaultPool",
    nodeTemplate: {
      lifeCycle: { preInstall: "ZWNobyAx", postInstall: "ZWNobyAx" },
      login: { userPassword: { password: "xxxxx", username: "root" } },
    },
  },
};

/** The body as it is sent for what a program declares. */
function sent(declared: object, nodeIds: readonly string[]) {
  const { inputs, problems } = check({ ...declared });
  assert.deepEqual(problems, []);
  return JSON.parse(JSON.stringify(declarationOf(inputs as unknown as Inputs).body(nodeIds, 1)));
}

describe("the body of a request", () => {
  it("is the page's first example for an own pool", () => {
    const { clusterId, nodePoolId, maxUnavailable } = smallInputs;
    assert.deepEqual(sent({ clusterId, nodePoolId, maxUnavailable }, nodeIDs), ownPoolExample);
  });

  it("is the page's second example for the default pool, the password salted", () => {
    const body = sent(templateInputs, templateInputs.nodeIds);
    const { userPassword } = body.spec.nodeTemplate.login;
    const salted = Buffer.from(userPassword.password, "base64").toString("latin1");
    assert.ok(verify(templateInputs.nodeTemplate.login.userPassword.password, salted));
    userPassword.password = "xxxxx";
    assert.deepEqual(body, defaultPoolExample);
  });

  it("salts the password anew each time", () => {
    const passwordOf = () => sent(templateInputs, ["n"]).spec.nodeTemplate.login.userPassword.password;
    assert.notEqual(passwordOf(), passwordOf());
  });

  it("holds the fields of the vendor's SDKs when they are given", () => {
    const nodeTemplate = {
      lifeCycle: { waitPostInstallFinish: true },
      login: { sshKey: "key" },
      volumeConfig: { volumeResetPolicy: "retain_custom_volumes" },
    };
    const { spec } = sent({ ...smallInputs, force: false, validateStorage: true, nodeTemplate }, ["n"]);
    assert.deepEqual(spec, {
      maxUnavailable: 1,
      nodeIDs: ["n"],
      nodePoolID: smallInputs.nodePoolId,
      force: false,
      validateStorage: true,
      nodeTemplate,
    });
  });

  it("holds nothing that was not given, and nothing that is ours alone", () => {
    const inputs = {
      ...smallInputs,
      excludeNodeIds: ["x"],
      triggers: ["x"],
      onCreate: "all",
      onChange: "outdated",
      region: "r-1",
      projectId: "p",
      endpoint: "https://e.example",
    };
    assert.deepEqual(sent(inputs, ["n"]), {
      spec: { maxUnavailable: 1, nodeIDs: ["n"], nodePoolID: smallInputs.nodePoolId },
    });
  });

  it("names the nodes that it is about, whatever the inputs name", () => {
    assert.deepEqual(sent(templateInputs, ["n2"]).spec.nodeIDs, ["n2"]);
    assert.deepEqual(sent(smallInputs, ["n2"]).spec.nodeIDs, ["n2"]);
  });
});
