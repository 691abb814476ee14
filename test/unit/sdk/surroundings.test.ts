import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { withFolder } from "../../support/programs/temporaryFolder.ts";
import { root, textOf } from "../../support/root.ts";

const ownSdk = `${root}/node_modules/@pulumi/pulumi`;
const ownVersion = JSON.parse(textOf("node_modules/@pulumi/pulumi/package.json")).version;
const oldest = JSON.parse(textOf("package.json")).dependencies["@pulumi/pulumi"].replace("^", "");

const declare = `
  const { NodePoolSync } = await import(${JSON.stringify(pathToFileURL(`${root}/sdk/index.ts`).href)});
  try {
    new NodePoolSync("workers", { clusterId: "c", nodePoolId: "n", maxUnavailable: 1 });
    console.log("declared");
  } catch (error) {
    console.log(error.__pulumiRunError ? error.message : error.stack);
  }
  process.exit(0);`;

/** The files of a program's own copy of Pulumi's SDK, as far as it matters: what it is, and the program that it runs. */
function sdkFiles(version: string): Record<string, string> {
  const folder = "node_modules/@pulumi/pulumi";
  return {
    [`${folder}/package.json`]: JSON.stringify({ name: "@pulumi/pulumi", version }),
    [`${folder}/cmd/run/index.mjs`]: declare,
    [`${folder}/runtime/settings.js`]: "",
  };
}

/** What a program prints that is started in a folder with these files. */
function run(files: Record<string, string>, program: string): Promise<{ said: string; folder: string }> {
  return withFolder(async (given) => {
    const folder = realpathSync(given);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, name, ".."), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const { stdout } = spawnSync(process.execPath, [join(folder, program)], {
      cwd: folder,
      encoding: "utf8",
    });
    return { said: stdout.trim(), folder };
  });
}

const hosted = "node_modules/@pulumi/pulumi/cmd/run/index.mjs";
const inside = {
  "node_modules/pulumi-cce-nodepool-sync/package.json": "{}",
  "node_modules/pulumi-cce-nodepool-sync/provider/index.js": "",
};
const remedy =
  "Install @pulumi/pulumi 3.142 or newer in the program's folder, once for all packages: `npm install @pulumi/pulumi@latest`, then `npm dedupe`.";

describe("a program that declares the resource", () => {
  it("goes on when it has a copy of Pulumi's SDK that is new enough, and finds the provider", async () => {
    const { said } = await run({ ...sdkFiles(oldest), ...inside }, hosted);
    assert.equal(said, "declared");
  });

  it("is refused when Pulumi's SDK is older than package.json asks for", async () => {
    const { said, folder } = await run({ ...sdkFiles("3.141.0"), ...inside }, hosted);
    assert.equal(
      said,
      `the program uses @pulumi/pulumi 3.141.0 in ${folder}/node_modules/@pulumi/pulumi, and pulumi-cce-nodepool-sync another copy, ${ownVersion} in ${ownSdk}. ${remedy}`,
    );
  });

  it("is refused when only another package brings this one", async () => {
    const { said, folder } = await run(sdkFiles(oldest), hosted);
    assert.equal(
      said,
      `pulumi-cce-nodepool-sync is not found from ${folder}, where Pulumi starts its provider. Add it to the dependencies in the package.json of the program, also when another package brings it, and install it there.`,
    );
  });

  it("is refused when it runs in its own process, connected to another copy of Pulumi's SDK", async () => {
    const program = `import { createRequire } from "node:module";
      createRequire(import.meta.url)("./node_modules/@pulumi/pulumi/runtime/settings.js");${declare}`;
    const { said, folder } = await run({ ...sdkFiles("3.200.0"), "program.mjs": program }, "program.mjs");
    assert.equal(
      said,
      `the program uses @pulumi/pulumi 3.200.0 in ${folder}/node_modules/@pulumi/pulumi, and pulumi-cce-nodepool-sync another copy, ${ownVersion} in ${ownSdk}, so nothing would be deployed. ${remedy}`,
    );
  });
});
