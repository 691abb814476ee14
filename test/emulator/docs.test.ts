import assert from "node:assert/strict";
import { profiles } from "../../emulator/index.ts";
import { textOf } from "../support/root.ts";

const page = textOf("docs/testing.md");

/** The names in the page's code spans. */
const named = new Set(
  [...page.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = ""]) => code.match(/\w+/g) ?? []),
);

function matches(file: string, pattern: RegExp): string[] {
  const found = [...textOf(file).matchAll(pattern)].map(([, name = ""]) => name);
  assert.ok(found.length > 5, `${file} is read wrongly`);
  return found;
}

describe("the page on the emulator", () => {
  for (const [what, names] of Object.entries({
    "field of a profile": Object.keys(profiles.standard),
    "effect of a fault": matches("emulator/http/faults.ts", /readonly kind: "(\w+)";/g),
    "event of a cluster": matches("emulator/cluster/emulatedCluster.ts", /^ {2}(\w+)\(/gm),
    "field of a reset": ["cause", "sync", "startedAt", "endedAt", "outcome", "configuration", "nodeTemplate"],
  })) {
    it(`names every ${what}`, () =>
      assert.deepEqual(
        names.filter((name) => !named.has(name)),
        [],
      ));
  }
});
