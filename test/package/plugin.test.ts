import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { packPlugin } from "../../tools/plugin.ts";
import { pack } from "../support/programs/installedProject.ts";
import { withFolder } from "../support/programs/temporaryFolder.ts";
import { root, textOf } from "../support/root.ts";

const { version, bin } = JSON.parse(textOf("package.json"));
const name = "pulumi-resource-cce-nodepool-sync";

describe("the plugin's file", () => {
  before(() => pack());

  it("can be run, is found by its name, and says in its first lines which Node it needs", () => {
    const file = join(root, bin[name]);
    assert.equal(basename(file), name);
    if (process.platform !== "win32") assert.ok(statSync(file).mode & 0o100);
    const text = readFileSync(file, "utf8");
    assert.match(text, /^#!\/usr\/bin\/env node\n[^\n]{0,200}22,19/);
  });

  it("ends at once on a Node that is too old, with a sentence on standard error and nothing else", () => {
    const old = 'Object.defineProperty(process.versions, "node", { value: "20.1.0" });';
    const file = JSON.stringify(join(root, bin[name]));
    const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", `${old} require(${file})`], {
      encoding: "utf8",
    });
    assert.equal(status, 1);
    assert.equal(stdout, "");
    assert.match(
      stderr,
      /^pulumi-resource-cce-nodepool-sync needs Node 22\.19 or newer, and this is Node 20\.1\.0/,
    );
    assert.doesNotMatch(stderr, /\n./);
  });
});

describe("the workflow of a release", () => {
  const text = textOf(".github/workflows/release.yml");

  it("generates the SDKs from the plugin's file, by a path that the CLI takes for one", () => {
    assert.match(text, new RegExp(`gen-sdk \\./${bin[name].replace("./", "")} --language`));
  });

  it("publishes no SDK without a token, and hands each token to one language only", () => {
    const secrets = [...text.matchAll(/secret: (\w+)$/gm)].map(([, secret]) => secret);
    assert.equal(new Set(secrets).size, 3);
    assert.equal(text.match(/secrets\[matrix\.secret\]/g)?.length, 2);
    const steps = text
      .slice(text.indexOf("  sdks:"))
      .split(/^ {6}- /m)
      .slice(2);
    assert.equal(steps.length, 2);
    for (const step of steps) assert.match(step, /^if: steps\.token\.outputs\.found$/m);
  });
});

describe("the tarballs of a release", () => {
  before(() => pack());

  it("have the names that the Pulumi CLI downloads, and the plugin at the top", function () {
    if (process.platform === "win32") this.skip();
    return withFolder((folder) => {
      const files = packPlugin(folder);
      const system = ["darwin", "linux", "windows"].flatMap((each) => [`${each}-amd64`, `${each}-arm64`]);
      assert.deepEqual(
        files.map((file) => basename(file)),
        system.map((platform) => `${name}-v${version}-${platform}.tar.gz`),
      );
      for (const file of files) {
        assert.ok(existsSync(file));
        const entries = execFileSync("tar", ["-tzf", file], { encoding: "utf8" }).trim().split("\n");
        const launcher = file.includes("windows") ? [`${name}.cmd`] : [];
        assert.deepEqual(entries, [name, ...launcher, "LICENSE", "third-party-licenses.txt"]);
      }
      return Promise.resolve();
    });
  });
});
