import assert from "node:assert/strict";
import {
  advice,
  ConfigurationError,
  ConnectionError,
  ServiceError,
  statesForbidding,
  withoutStack,
} from "../provider/errors.ts";

const correct = /^Correct the named value/;
const quota = /^Ask for a higher quota/;
const rest = /^Wait until the cluster, the pool and its nodes are at rest/;
const keys = /^Check the access key and secret key or the token/;
const grant = /^Grant the IAM actions cce:nodepool:upgradeNodepool/;
const find = /^Check clusterId and nodePoolId/;
const slower = /^Too many requests for this user/;
const again = /^Run `pulumi up` again: it looks at the pool first/;

/** The vendor's codes, what a user is told to do, and whether the request may be sent again later. */
const codes: [status: number, codes: string[], told: RegExp, notNow: boolean][] = [
  [400, ["CCE.01400001", "CCE.02400001", "CCE.03400001"], correct, false],
  [
    400,
    ["07", "08", "09", "10", "11", "12", "13", "19", "20", "25"].map((n) => `CCE.014000${n}`),
    quota,
    false,
  ],
  [400, ["CCE.01400014"], quota, false],
  [400, ["16", "18", "21", "22"].map((n) => `CCE.014000${n}`), correct, false],
  [400, ["CCE.01400023", "CCE.01400024", "CCE.01400074", "CCE.01400075"], rest, true],
  [400, ["CCE.01400034", "CCE_CM.0004"], correct, false],
  [400, ["CCE_CM.0002"], rest, true],
  [401, ["CCE.01401001", "CCE.02401001", "CCE.03401001", "APIGW.0301", "APIG.0301", ""], keys, false],
  [401, ["APIGW.0303", "APIG.0303"], /^Set this machine's clock/, false],
  [403, ["CCE.01403001", "CCE.02403001", "CCE.03403001", ""], grant, false],
  [403, ["CCE.01403002"], /^Have the restriction of the account lifted/, false],
  [403, ["CCE.01403008"], /^Grant CCE's own agency/, false],
  [403, ["3", "4", "5", "6", "7", "9"].map((n) => `CCE.0140300${n}`), rest, true],
  [403, ["CCE_CM.0002"], rest, true],
  [404, ["CCE.01404001", "CCE.02404001", "CCE.03404001", "CCE_CM.0003"], find, false],
  [409, ["CCE.01409001"], /^Something else changed the pool/, false],
  [409, ["CCE.01409002", ""], rest, true],
  [429, ["CCE.01429002"], rest, false],
  [429, ["CCE.01429003", "CCE.02429001", "APIGW.0308", ""], slower, false],
  [500, ["CCE.01500001", "CCE.02500001", "CCE.03500001"], again, false],
  [502, [""], again, false],
  [504, ["APIGW.0201", ""], again, false],
];

describe("the advice about an answer", () => {
  for (const [status, family, told] of codes) {
    for (const code of family) {
      it(`of ${status} ${code || "without a code"} begins with: ${told.source.slice(1)}`, () => {
        assert.match(advice({ status, code: code || undefined }), told);
      });
    }
  }

  it("about an answer that never came is to look at the network", () => {
    assert.match(advice(new ConnectionError("list the nodes", "it broke", true)), /^Check the network/);
  });
});

describe("a request that was refused", () => {
  for (const [status, family, , notNow] of codes) {
    it(`${notNow ? "may be sent again later" : "was not refused for a state"}: ${status} ${family.join(", ")}`, () => {
      for (const code of family) assert.equal(statesForbidding(status, code || undefined), notNow, code);
    });
  }
});

describe("an error", () => {
  it("names call, status, code, the service's words and the request id", () => {
    const error = new ServiceError({
      call: "list the nodes",
      status: 403,
      code: "CCE.01403001",
      detail: "Forbidden.",
      requestId: "r1",
    });
    const text =
      "the service answered the request to list the nodes with 403 CCE.01403001 Forbidden. (request id r1)";
    assert.equal(error.message, text);
  });

  it("leaves out what the service did not say", () => {
    const { message } = new ServiceError({ call: "list the nodes", status: 502, detail: "" });
    assert.equal(message, "the service answered the request to list the nodes with 502");
  });

  it("lists every problem of a configuration, a line each", () => {
    const { message, problems } = new ConfigurationError(["a: is missing", "b: is wrong"]);
    assert.deepEqual(problems, ["a: is missing", "b: is wrong"]);
    assert.equal(
      message,
      "the configuration cannot be used, and nothing was sent:\n- a: is missing\n- b: is wrong",
    );
  });

  it("has no stack when it is made for the engine, which would print it", () => {
    assert.equal(withoutStack(new Error("x")).stack, "");
  });
});
