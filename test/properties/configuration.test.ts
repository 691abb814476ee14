import assert from "node:assert/strict";
import fc from "fast-check";
import { limits, settings } from "../../provider/config/definitions.ts";
import { resolveSettings } from "../../provider/config/settings.ts";
import { partFaults } from "../../provider/config/spelling.ts";
import { ConfigurationError } from "../../provider/errors/errors.ts";
import { key, place, problemsOf, sources } from "../support/inputs/configuration.ts";

const variables = [...Object.values(settings), ...Object.values(limits)].flatMap(
  ({ variables: names }) => names,
);
const keys = Object.keys(settings)
  .map((name) => `huaweicloud:${name.split(".")[0]}`)
  .concat(Object.keys(limits).map((name) => `cce-nodepool-sync:${name}`));

/** A file that is asked for is read: none of these values may be the path of one. */
const value = fc.oneof(
  fc.string({ maxLength: 30 }).filter((text) => !/[/~.]/.test(text)),
  fc.json({ maxDepth: 2 }),
  fc.constantFrom("", " ", "true", "900", "https://a.example", '{"cce":"https://a.example"}', "eu-west-101"),
);

describe("any configuration", () => {
  it("is either complete or refused with sentences, and never an error of another kind", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...variables), value, { maxKeys: 8 }),
        fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 8 }),
        (environment, config) => {
          try {
            const { endpoint, source } = resolveSettings({}, sources(environment, config));
            assert.equal(new URL(endpoint).origin, endpoint);
            assert.ok(source.id.length > 0);
          } catch (error) {
            assert.ok(error instanceof ConfigurationError);
            assert.ok(
              error.problems.every((problem) => /^[\w ]+(\.\w+)?( [\w:.-]+)?: ./.test(problem)),
              error.message,
            );
          }
        },
      ),
    );
  });

  it("that has a key of ours in another case or with other separators is refused, and the key is named", () => {
    const separator = fc.constantFrom("", "_", "-", "__");
    const other = fc
      .tuple(fc.constantFrom(...keys), separator, fc.boolean())
      .map(([name, between, upper]) => {
        const [namespace = "", local = ""] = name.split(":");
        const spelled = local.replace(/[A-Z]/g, (letter) => between + letter.toLowerCase());
        return `${namespace}:${upper ? spelled.toUpperCase() : spelled}`;
      })
      .filter((name) => !keys.includes(name));
    fc.assert(
      fc.property(other, (name) => {
        const [problem = "", ...more] = problemsOf({ ...place, ...key }, { [name]: "x" });
        assert.ok(problem.startsWith(`Pulumi config ${name}: is not a known key; did you mean `), problem);
        assert.deepEqual(more, []);
      }),
    );
  });

  it("has no part of a role that is passed over: each is known, or a fault", () => {
    const known = ["agencyName", "domainName", "domainId", "duration"];
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), (role) => {
        const faults = partFaults(JSON.stringify(role), { known, types: ["string", "number"] });
        const isObject = typeof role === "object" && role !== null && !Array.isArray(role);
        const strange = isObject ? Object.keys(role).filter((part) => !known.includes(part)) : ["all of it"];
        assert.ok(faults.length >= strange.length);
      }),
    );
  });
});
