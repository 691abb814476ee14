import assert from "node:assert/strict";
import fc from "fast-check";
import { verify } from "unixcrypt";
import { passwordFaults } from "../../provider/nodePoolSync/inputs/password.ts";
import type { Inputs } from "../../provider/nodePoolSync/inputs/schema.ts";
import { requestBody } from "../../provider/nodePoolSync/request.ts";
import { validInputs } from "../support/inputs/validInputs.ts";
import { holds } from "../support/properties.ts";

const nodeIds = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 });

/** The names of the request's fields and where they come from, from the API's page. */
function expectedSpec(inputs: Inputs, nodeIDs: readonly string[]): Record<string, unknown> {
  const { nodePoolId, maxUnavailable, nodeTemplate, force, validateStorage } = inputs;
  return JSON.parse(
    JSON.stringify({
      maxUnavailable,
      nodeIDs,
      nodePoolID: nodePoolId,
      nodeTemplate,
      force,
      validateStorage,
    }),
  );
}

describe("the body of a request, for any inputs", () => {
  it("holds the fields that were given and the nodes that it is about, and nothing else", () => {
    holds(
      fc.property(validInputs, nodeIds, fc.integer({ min: 1, max: 20 }), (inputs, ids, maxUnavailable) => {
        const body = requestBody(inputs, ids, maxUnavailable);
        const spec = { ...expectedSpec(inputs, ids), maxUnavailable };
        assert.deepEqual(JSON.parse(JSON.stringify(body)), { spec });
        assert.equal(JSON.stringify(JSON.parse(JSON.stringify(body))), JSON.stringify(body));
      }),
    );
  });

  it("has the password in it only as SHA-512 crypt in Base64, which is that of the plain one", () => {
    const plain = fc.string({ unit: "grapheme", minLength: 8, maxLength: 26 }).filter((text) => {
      return text.isWellFormed() && passwordFaults(text, "root").length === 0;
    });
    const rounds = 30;
    fc.assert(
      fc.property(validInputs, plain, (some, password) => {
        const nodeTemplate = { lifeCycle: {}, login: { userPassword: { username: "root", password } } };
        const text = JSON.stringify(requestBody({ ...some, nodeTemplate }, ["n"], 1));
        const sent = JSON.parse(text).spec.nodeTemplate.login.userPassword.password;
        const crypt = Buffer.from(sent, "base64").toString("latin1");
        assert.match(crypt, /^\$6\$[^$]+\$/);
        assert.ok(verify(password, crypt));
        assert.ok(!text.includes(JSON.stringify(password)));
      }),
      { numRuns: rounds },
    );
  });
});
