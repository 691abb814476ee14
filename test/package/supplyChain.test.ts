import assert from "node:assert/strict";
import { builtinModules } from "node:module";
import { dirname, join } from "node:path";
import { linksOf, manual } from "../support/markdown.ts";
import { pack } from "../support/programs/installedProject.ts";
import { textOf } from "../support/root.ts";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly scripts: Record<string, string>;
  readonly dependencies: Record<string, string>;
  readonly exports: Record<string, unknown>;
  readonly [field: string]: unknown;
}

interface Lockfile {
  readonly packages: Record<
    string,
    { readonly link?: boolean; readonly integrity?: string; readonly resolved?: string }
  >;
}

const manifest: Manifest = JSON.parse(textOf("package.json"));

/**
 * The plugin, which needs no other file, is most of it: gRPC, Pulumi's protocol and the HTTP client are in it. There
 * is room for what the package will still learn, and too little for a stowaway.
 */
const largestTarball = 780_000;

/** The packages that are built into the package, as its file of licences names them. */
function builtIn(): string[] {
  return [...textOf("dist/third-party-licenses.txt").matchAll(/(?:^|-{80}\n\n)(\S+) \d+\.\d+\.\d+\n/g)].map(
    ([, name = ""]) => name,
  );
}

describe("the tarball", () => {
  it("holds a file for each entry point with its types, what they share, pages and examples, and nothing else", async () => {
    const { files } = await pack();
    const code = files.filter((file) => !/^(docs|examples)\//.test(file));
    assert.deepEqual(code.toSorted(), [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "SECURITY.md",
      "dist/emulator/index.d.ts",
      "dist/emulator/index.js",
      "dist/emulator/libraries.js",
      "dist/plugin/package.json",
      "dist/plugin/pulumi-resource-cce-nodepool-sync",
      "dist/plugin/pulumi-resource-cce-nodepool-sync.cmd",
      "dist/provider/common.cjs",
      "dist/provider/getNodePool.cjs",
      "dist/provider/index.cjs",
      "dist/provider/libraries.cjs",
      "dist/provider/service.cjs",
      "dist/provider/sessions.cjs",
      "dist/provider/trace.cjs",
      "dist/sdk/index.d.ts",
      "dist/sdk/index.js",
      "dist/third-party-licenses.txt",
      "package.json",
    ]);
  });

  it("holds the pages that its messages and its README point to; those for contributors stay in the repository", async () => {
    const { files } = await pack();
    const pages = files.filter((file) => file.endsWith(".md"));
    for (const page of manual.filter((name) => name !== "docs/how-it-works.md"))
      assert.ok(pages.includes(page), page);
    const missing = pages.flatMap((page) =>
      linksOf(page)
        .filter((target) => !/^(https?:|#)/.test(target))
        .map((target) => join(dirname(page), target.split("#")[0] ?? ""))
        .filter((target) => !files.some((file) => file === target || file.startsWith(`${target}/`))),
    );
    assert.deepEqual([...new Set(missing)].sort(), ["CONTRIBUTING.md", "docs/how-it-works.md"]);
  });

  it(`has at most ${largestTarball / 1000} kB`, async () => {
    const { size } = await pack();
    assert.ok(size <= largestTarball, `${size} bytes`);
  });

  it("has every file that package.json points to", async () => {
    const { files } = await pack();
    const targets =
      JSON.stringify([manifest.main, manifest.types, manifest.exports]).match(/\.\/[^"]+\.\w+/g) ?? [];
    assert.ok(targets.length > 6);
    assert.deepEqual(
      targets.filter((target) => !files.includes(join(target))),
      [],
    );
  });

  it("imports nothing but its own files, what it declares, and what Node has", async () => {
    const { files } = await pack();
    const used = new Set<string>();
    for (const file of files.filter((name) => /\.(js|cjs|d\.ts)$/.test(name))) {
      const imports = textOf(file).matchAll(
        /(?:^\s*(?:import|export)\s(?:[^;"'`]*?\sfrom\s)?|\b(?:import|require)\()["']([^"'.][^"']*)["']/gm,
      );
      for (const [, name = ""] of imports) used.add(packageOf(name));
    }
    const foreign = [...used].filter((name) => !name.startsWith("node:") && !builtinModules.includes(name));
    assert.deepEqual(foreign.sort(), Object.keys(manifest.dependencies).sort());
  });
});

/** The package that a name of an import is about. */
function packageOf(name: string): string {
  return name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");
}

describe("the supply chain", () => {
  it("is two packages to install and eight that are built in, each with its job in SECURITY.md", async () => {
    await pack();
    const page = textOf("SECURITY.md");
    assert.deepEqual(Object.keys(manifest.dependencies), ["@pulumi/pulumi", "undici"]);
    assert.deepEqual(builtIn(), [
      "@grpc/grpc-js",
      "@js-sdsl/ordered-map",
      "@pulumi/pulumi",
      "fastest-levenshtein",
      "google-protobuf",
      "undici",
      "unixcrypt",
      "zod",
    ]);
    for (const name of Object.keys(manifest.dependencies)) assert.ok(page.includes(`| \`${name}\` |`), name);
    for (const name of builtIn()) assert.match(page, new RegExp(`\\| \`${name}\`(, built in| \\|)`), name);
  });

  it("is pinned: the lockfile has a checksum for every package, and names no host", () => {
    for (const file of ["package-lock.json", "tools/bench/vendor/package-lock.json"]) {
      const { packages }: Lockfile = JSON.parse(textOf(file));
      const installed = Object.entries(packages).filter(([path, { link }]) => path !== "" && !link);
      assert.ok(installed.length > 5);
      assert.deepEqual(
        installed.filter(([, { integrity }]) => !integrity?.startsWith("sha512-")).map(([path]) => path),
        [],
      );
      assert.deepEqual(
        installed.filter(([, { resolved }]) => resolved !== undefined),
        [],
      );
    }
  });

  it("runs nothing when the package is installed", () => {
    for (const script of ["preinstall", "install", "postinstall", "prepare"])
      assert.ok(!Object.hasOwn(manifest.scripts, script), script);
  });

  it("publishes for everybody, and with provenance", () => {
    assert.deepEqual(manifest.publishConfig, { access: "public", provenance: true });
  });

  it("makes no program install the plugin that uses the dynamic provider", () => {
    assert.ok(!Object.hasOwn(manifest, "pulumi"));
  });
});
