import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, textOf } from "./support/root.ts";

/** The floor of each room of the product, by the most telling prefix. Imports point to the same floor or a lower one. */
const floors: Record<string, number> = {
  "sdk/": 4,
  "provider/index.ts": 4,
  "provider/dynamic/": 4,
  "provider/dynamic/secrets.ts": 0,
  "provider/sync/": 2,
  "provider/sync/sessions.ts": 4,
  "provider/sync/lifecycle.ts": 3,
  "provider/sync/refresh.ts": 3,
  "provider/sync/forecast.ts": 3,
  "provider/sync/messages.ts": 3,
  "provider/nodePoolSync/": 0,
  "provider/nodePoolSync/check.ts": 3,
  "provider/nodePoolSync/diff.ts": 3,
  "provider/config/": 1,
  "provider/credentials/": 1,
  "provider/credentials/credential.ts": 0,
  "provider/cce/": 1,
  "provider/cce/model.ts": 0,
  "provider/cce/signer.ts": 0,
  "provider/errors/": 0,
  "provider/util/": 0,
};

const files = ["sdk", "provider", "emulator", "tools"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `${folder}/${file}`),
);

interface Import {
  readonly target: string;
  readonly typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const statements = textOf(file).matchAll(
    /^(import|export)\s+(type\s+)?(?:[^;"'=]*?\sfrom\s+)?["']([^"']+)["'];/gm,
  );
  return [...statements].map(([, , typeOnly, target = ""]) => ({
    target: target.startsWith(".") ? join(dirname(file), target) : target,
    typeOnly: typeOnly !== undefined,
  }));
}

function floorOf(file: string): number {
  const prefixes = Object.keys(floors).filter((prefix) => file.startsWith(prefix));
  const longest = prefixes.sort((a, b) => b.length - a.length)[0];
  assert.ok(longest !== undefined, `${file} has no floor`);
  return floors[longest] ?? 0;
}

const product = files.filter((file) => /^(sdk|provider)\//.test(file));

describe("the house", () => {
  it("has imports that point to the same floor or a lower one", () => {
    const upward = product.flatMap((file) =>
      importsOf(file)
        .filter(({ target }) => target in Object.fromEntries(product.map((known) => [known, true])))
        .filter(({ target }) => floorOf(target) > floorOf(file))
        .map(({ target }) => `${file} (${floorOf(file)}) -> ${target} (${floorOf(target)})`),
    );
    assert.deepEqual(upward, []);
  });

  it("imports @pulumi/pulumi in sdk/ only", () => {
    const elsewhere = product.filter(
      (file) =>
        !file.startsWith("sdk/") && importsOf(file).some(({ target }) => target.startsWith("@pulumi/pulumi")),
    );
    assert.deepEqual(elsewhere, []);
  });

  it("loads nothing into a program but its own files and @pulumi/pulumi", () => {
    const reached = new Set<string>();
    const outside = new Set<string>();
    const visit = (file: string) => {
      if (reached.has(file)) return;
      reached.add(file);
      for (const { target, typeOnly } of importsOf(file)) {
        if (typeOnly) continue;
        if (files.includes(target)) visit(target);
        else outside.add(target);
      }
    };
    visit("sdk/index.ts");
    assert.deepEqual([...outside], ["@pulumi/pulumi"]);
  });

  it("keeps the emulator apart from the client, but for the pure signer", () => {
    const emulator = files.filter((file) => file.startsWith("emulator/"));
    const reached = emulator.flatMap((file) => importsOf(file).map(({ target }) => target));
    const ofProduct = [...new Set(reached.filter((target) => product.includes(target)))];
    assert.deepEqual(ofProduct, ["provider/cce/signer.ts"]);
  });

  it("keeps the engine apart from the product", () => {
    const engine = files.filter((file) => file.startsWith("tools/engine/"));
    const reached = engine.flatMap((file) => importsOf(file).map(({ target }) => target));
    assert.deepEqual(
      reached.filter((target) => product.includes(target)),
      [],
    );
  });

  it("has no circle of imports in the product", () => {
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]) => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" -> "));
      else
        for (const { target, typeOnly } of importsOf(file))
          if (!typeOnly && product.includes(target)) visit(target, [...path, file]);
    };
    for (const file of product) visit(file, []);
    assert.deepEqual([...new Set(circles)], []);
  });
});
