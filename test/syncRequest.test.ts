import assert from "node:assert/strict";
import { verify } from "unixcrypt";
import { clusterPath, syncBody, syncPath } from "../provider/nodePoolSync/request.ts";
import type { Inputs } from "../provider/nodePoolSync/schema.ts";
import { smallInputs, templateInputs } from "./support/inputs.ts";

/** The two example requests of the API's page. */
const ownPoolExample = {
  spec: {
    maxUnavailable: 1,
    nodeIDs: ["aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa", "bbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbb"],
    nodePoolID: "cccccccc-cccc-cccc-cccc-cccccccccccc",
  },
};
const defaultPoolExample = {
  spec: {
    maxUnavailable: 1,
    nodeIDs: ["aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa", "bbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbb"],
    nodePoolID: "DefaultPool",
    nodeTemplate: {
      lifeCycle: { preInstall: "ZWNobyAx", postInstall: "ZWNobyAx" },
      login: { userPassword: { password: "xxxxx", username: "root" } },
    },
  },
};

/** The body as it is sent. */
const sent = (inputs: Inputs, nodeIds?: string[]) => JSON.parse(JSON.stringify(syncBody(inputs, nodeIds)));

describe("the request of a sync", () => {
  it("is the page's first example for an own pool", () => {
    assert.deepEqual(sent({ ...smallInputs, nodeIds: templateInputs.nodeIds }), ownPoolExample);
  });

  it("is the page's second example for the default pool, the password salted", () => {
    const body = sent(templateInputs);
    const { userPassword } = body.spec.nodeTemplate.login;
    const salted = Buffer.from(userPassword.password, "base64").toString("latin1");
    assert.ok(verify(templateInputs.nodeTemplate.login.userPassword.password, salted));
    userPassword.password = "xxxxx";
    assert.deepEqual(body, defaultPoolExample);
  });

  it("salts the password anew each time", () => {
    const passwordOf = () => sent(templateInputs).spec.nodeTemplate.login.userPassword.password;
    assert.notEqual(passwordOf(), passwordOf());
  });

  it("holds the newer fields when they are given", () => {
    const body = sent({
      ...smallInputs,
      force: false,
      retryTimes: 0,
      skippedNodes: ["n1"],
      validateStorage: true,
      nodeTemplate: {
        lifeCycle: { waitPostInstallFinish: true },
        login: { sshKey: "key" },
        volumeConfig: { volumeResetPolicy: "retain_custom_volumes" },
      },
    });
    assert.deepEqual(body.spec, {
      maxUnavailable: 1,
      nodePoolID: smallInputs.nodePoolId,
      force: false,
      retryTimes: 0,
      skippedNodes: ["n1"],
      validateStorage: true,
      nodeTemplate: {
        lifeCycle: { waitPostInstallFinish: true },
        login: { sshKey: "key" },
        volumeConfig: { volumeResetPolicy: "retain_custom_volumes" },
      },
    });
  });

  it("holds nothing that was not given, and nothing that is ours alone", () => {
    const inputs = {
      ...smallInputs,
      triggers: ["x"],
      region: "r-1",
      projectId: "p",
      endpoint: "https://e.example",
    };
    assert.deepEqual(sent(inputs), { spec: { maxUnavailable: 1, nodePoolID: smallInputs.nodePoolId } });
  });

  it("names only the nodes that are left, when it is repeated for those", () => {
    assert.deepEqual(sent(templateInputs, ["n2"]).spec.nodeIDs, ["n2"]);
  });

  it("has a path of escaped parts, which no id can leave", () => {
    assert.equal(
      syncPath("p/1", "c?d", "n#%é"),
      "/api/v3/projects/p%2F1/clusters/c%3Fd/nodepools/n%23%25%C3%A9/operation/upgrade",
    );
    assert.equal(clusterPath("p", "../x"), "/api/v3/projects/p/clusters/..%2Fx");
  });
});
