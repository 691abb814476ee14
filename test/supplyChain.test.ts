import assert from "node:assert/strict";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { pack } from "./package/support.ts";
import { textOf } from "./support/root.ts";

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

/** Room for what the package will still learn, and too little for a stowaway. */
const largestTarball = 200_000;

/** Whether a file has its place in the tarball. */
function belongs(file: string): boolean {
  return (
    /^(package\.json|README\.md|LICENSE|CHANGELOG\.md)$/.test(file) ||
    /^dist\/(sdk|provider|local\/cce)\/[\w/]+\.(js|d\.ts)$/.test(file)
  );
}

describe("the tarball", () => {
  it("holds the compiled rooms that its doors open, their types and a few words, and nothing else", async () => {
    const { files } = await pack();
    assert.deepEqual(
      files.filter((file) => !belongs(file)),
      [],
    );
    for (const file of ["README.md", "LICENSE", "CHANGELOG.md", "dist/sdk/index.js", "dist/sdk/index.d.ts"])
      assert.ok(files.includes(file), file);
    assert.ok(!files.some((file) => file.includes("generate")), "no tool of this repository");
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
    for (const file of files.filter((name) => name.endsWith(".js"))) {
      const imports = textOf(file).matchAll(
        /(?:^\s*(?:import|export)\s(?:[^;"'`]*?\sfrom\s)?|\bimport\()["']([^"'.][^"']*)["']/gm,
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
  it("is five packages, each with its job in SECURITY.md", () => {
    const page = textOf("SECURITY.md");
    const names = Object.keys(manifest.dependencies);
    assert.equal(names.length, 5);
    for (const name of names) assert.ok(page.includes(`| \`${name}\` |`), name);
  });

  it("is pinned: the lockfile has a checksum for every package, and names no host", () => {
    for (const file of ["package-lock.json", "local/bench/vendor/package-lock.json"]) {
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

  it("claims no Pulumi plugin while there is none", () => {
    assert.ok(!Object.hasOwn(manifest, "pulumi"));
  });
});
