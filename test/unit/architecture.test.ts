import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, textOf } from "../support/root.ts";

/**
 * The layers of the package, from the entry points down. A file imports, types included, only from its own module and
 * from the layers below it. What shares a layer knows nothing of each other.
 */
const layers: readonly (readonly string[])[] = [
  ["emulator/"],
  ["emulator/http/"],
  ["emulator/cluster/"],
  ["sdk/", "provider/index.ts"],
  ["provider/dynamic/", "provider/plugin/"],
  ["provider/engine/"],
  ["provider/nodePoolSync/"],
  ["provider/nodePoolSync/state/"],
  ["provider/nodePoolSync/inputs/"],
  ["provider/sync/"],
  ["provider/sync/watching/"],
  ["provider/sync/sending/"],
  ["provider/sync/run/"],
  ["provider/sync/report/"],
  ["provider/sync/proof/"],
  ["provider/sync/record/"],
  ["provider/session/"],
  ["provider/config/"],
  ["provider/credentials/", "provider/trace/"],
  ["provider/cce/"],
  ["provider/errors/"],
  ["provider/util/"],
];

/** A module within another one comes after it. */
const modules = layers.flat().sort();

const files = ["sdk", "provider", "emulator", "tools"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `${folder}/${file}`),
);
const published = new Set(files.filter((file) => !file.startsWith("tools/")));
const product = new Set([...published].filter((file) => !file.startsWith("emulator/")));

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

/** The module that a file belongs to, and how many layers lie above it. */
function placeOf(file: string): { module: string; depth: number } {
  const module = modules.findLast((prefix) => file.startsWith(prefix));
  if (module === undefined) return assert.fail(`${file} belongs to no module`);
  return { module, depth: layers.findIndex((layer) => layer.includes(module)) };
}

/** What files import of the product, for those whose path begins so. */
function importedFrom(prefix: string): string[] {
  const targets = files
    .filter((file) => file.startsWith(prefix))
    .flatMap((file) => importsOf(file).map(({ target }) => target));
  return [...new Set(targets)].filter((target) => product.has(target));
}

describe("the architecture", () => {
  it("has imports that point down only, module by module", () => {
    const upward: string[] = [];
    for (const file of published) {
      const from = placeOf(file);
      for (const { target } of importsOf(file)) {
        if (!published.has(target)) continue;
        const to = placeOf(target);
        if (to.module === from.module || to.depth > from.depth) continue;
        upward.push(`${file} -> ${target}`);
      }
    }
    assert.deepEqual(upward, []);
  });

  it("imports @pulumi/pulumi in sdk/ only, and its protocol in the plugin", () => {
    const elsewhere = [...product].flatMap((file) =>
      importsOf(file)
        .filter(({ target }) => target.startsWith("@pulumi/pulumi") && !file.startsWith("sdk/"))
        .filter(
          ({ target }) =>
            !(file.startsWith("provider/plugin/") && target.startsWith("@pulumi/pulumi/proto/")),
        )
        .map(({ target }) => `${file} -> ${target}`),
    );
    assert.deepEqual(elsewhere, []);
  });

  it("loads nothing into a program but its own files, @pulumi/pulumi and what Node has", () => {
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
    assert.deepEqual(
      [...outside].filter((name) => !name.startsWith("node:")),
      ["@pulumi/pulumi"],
    );
  });

  it("keeps the emulator apart from the client, but for the pure signer", () => {
    assert.deepEqual(importedFrom("emulator/"), ["provider/cce/signer.ts"]);
  });

  it("keeps the engine apart from the product", () => {
    assert.deepEqual(importedFrom("tools/engine/"), []);
  });

  it("loads the code of the trace only where a trace is asked for", () => {
    const loading = [...product].filter(
      (file) =>
        !file.startsWith("provider/trace/") &&
        importsOf(file).some(({ target, typeOnly }) => !typeOnly && target.startsWith("provider/trace/")),
    );
    assert.deepEqual(loading, []);
  });

  it("has no circular imports, types included", () => {
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]) => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" -> "));
      else if (!done.has(file))
        for (const { target } of importsOf(file)) if (published.has(target)) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of published) visit(file, []);
    assert.deepEqual([...new Set(circles)], []);
  });
});
