import assert from "node:assert/strict";
import { inputNames } from "../../../provider/nodePoolSync/inputs/schema.ts";
import { lookUpArgs, lookUpResult } from "../../../provider/nodePoolSync/poolLookUp.ts";
import { instanceSettings } from "../../../provider/plugin/settings.ts";
import { propertyNames } from "../../../sdk/args.ts";
import { packageSchema } from "../../support/inputs/pulumiSchema.ts";
import { textOf } from "../../support/root.ts";

interface Property {
  readonly type?: string;
  readonly description?: string;
  readonly secret?: boolean;
  readonly willReplaceOnChanges?: boolean;
}

type Properties = Record<string, Property>;

const text = textOf("provider/plugin/schema.json");
const schema = JSON.parse(text);
const { inputs: lookUpInputs, outputs: lookUpOutputs } =
  schema.functions["cce-nodepool-sync:index:getNodePool"];
const resource = schema.resources["cce-nodepool-sync:index:NodePoolSync"];

/** The names of the properties that have the mark. */
function marked(properties: Properties, mark: keyof Property): string[] {
  return Object.keys(properties).filter((name) => properties[name]?.[mark] === true);
}

describe("the schema of the plugin", () => {
  it("is one that Pulumi accepts", () => {
    const { error } = packageSchema.safeParse(schema);
    assert.equal(error, undefined, error?.message);
  });

  it("refers to no type that it does not define, and defines none that nothing refers to", () => {
    const used = [...text.matchAll(/"#\/types\/([^"]+)"/g)].map(([, token]) => token);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(schema.types).sort());
  });

  it("has every input and every output of the resource", () => {
    assert.deepEqual(Object.keys(resource.inputProperties), inputNames);
    assert.deepEqual(Object.keys(resource.properties), [...propertyNames]);
  });

  it("requires what the inputs require, and promises what a state always has", () => {
    assert.deepEqual(resource.requiredInputs, ["clusterId", "nodePoolId", "maxUnavailable"]);
    assert.deepEqual(resource.required, [
      "clusterId",
      "nodePoolId",
      "maxUnavailable",
      "onCreate",
      "onChange",
      "wait",
      "status",
      "failedNodes",
      "outdatedNodeIds",
    ]);
  });

  it("has the function that looks a pool up, with the arguments that it validates and the result that it has", () => {
    assert.deepEqual(Object.keys(lookUpInputs.properties), Object.keys(lookUpArgs.shape));
    assert.deepEqual(lookUpInputs.required, ["clusterId", "nodePoolId"]);
    assert.deepEqual(Object.keys(lookUpOutputs.properties), Object.keys(lookUpResult.shape));
    assert.deepEqual(lookUpOutputs.required, Object.keys(lookUpResult.shape));
    assert.doesNotMatch(JSON.stringify([lookUpInputs, lookUpOutputs]), /A change/);
  });

  it("says that another pool is another resource, and of no other input", () => {
    assert.deepEqual(marked(resource.inputProperties, "willReplaceOnChanges"), ["clusterId", "nodePoolId"]);
  });

  it("marks the password as a secret, and nothing else of the resource", () => {
    const types: { properties: Properties }[] = Object.values(schema.types);
    assert.deepEqual(
      types.flatMap(({ properties }) => marked(properties, "secret")),
      ["password"],
    );
    assert.deepEqual(marked(resource.inputProperties, "secret"), []);
  });

  it("takes a resource of the dynamic provider for the same resource", () => {
    assert.deepEqual(resource.aliases, [{ type: "pulumi-nodejs:dynamic/cce:NodePoolSync" }]);
  });

  it("has a flat provider configuration with every setting but the older forms", () => {
    const names = Object.keys(instanceSettings);
    assert.deepEqual(Object.keys(schema.config.variables), names);
    assert.deepEqual(schema.provider.inputProperties, schema.config.variables);
    for (const name of ["region", "secretKey", "assumeRoleAgencyName", "pollInterval"])
      assert.ok(names.includes(name), name);
    for (const name of ["agencyName", "delegatedProject"]) assert.ok(!names.includes(name), name);
    assert.deepEqual(
      names.filter((name) => !/^[a-z][A-Za-z]*$/.test(name)),
      [],
    );
  });

  it("marks the secrets of the provider configuration, and hands none back", () => {
    const secrets = ["key", "password", "secretKey", "securityToken", "token"];
    assert.deepEqual(marked(schema.config.variables, "secret").sort(), secrets);
    for (const name of secrets) assert.ok(!Object.hasOwn(schema.provider.properties, name), name);
  });

  it("takes no default from the environment, which an SDK would write into the state in plain text", () => {
    assert.doesNotMatch(text, /defaultInfo|"default"/);
  });
});
