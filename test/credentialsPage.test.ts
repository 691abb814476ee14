import assert from "node:assert/strict";
import { variables } from "../provider/config/places.ts";
import { textOf } from "./support/root.ts";

describe("docs/credentials.md", () => {
  const page = textOf("docs/credentials.md");
  const named = (pattern: RegExp) => new Set([...page.matchAll(pattern)].map(([, name = ""]) => name));

  it("names every setting and every environment variable that is looked at", () => {
    const keys = Object.keys(variables).map((setting) => `\`huaweicloud:${setting}\``);
    const names = Object.values(variables).flatMap((list) => list.map((name) => `\`${name}\``));
    assert.deepEqual(
      [...keys, ...names].filter((name) => !page.includes(name)),
      [],
    );
  });

  it("names no setting and no variable that is not looked at", () => {
    const known = new Set<string>(Object.values(variables).flat());
    const alien = [...named(/`((?:HW|OS)_\w+)`/g)].filter((name) => !known.has(name));
    assert.deepEqual(alien, ["HW_ASSUME_ROLE_IDP_ID"]);
    const keys = [...named(/`huaweicloud:([\w.]+)`/g)].filter((key) => !Object.hasOwn(variables, key));
    assert.deepEqual(keys, []);
  });
});
