import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname } from "node:path";
import { manual } from "../support/markdown.ts";
import { compileAll } from "../support/programs/compiler.ts";
import { root, textOf } from "../support/root.ts";

/** What the vendor's package declares of the node pool, as far as the example uses it (sdk/nodejs/cce/nodePool.ts). */
const vendorsNodePool = `
interface NodePoolArgs {
  clusterId: pulumi.Input<string>;
  flavorId: pulumi.Input<string>;
  initialNodeCount: pulumi.Input<number>;
  os?: pulumi.Input<string>;
  keyPair?: pulumi.Input<string>;
  rootVolume: pulumi.Input<{ size: pulumi.Input<number>; volumetype: pulumi.Input<string> }>;
  dataVolumes: pulumi.Input<pulumi.Input<{ size: pulumi.Input<number>; volumetype: pulumi.Input<string> }>[]>;
}
interface NodePool extends pulumi.CustomResource {
  readonly clusterId: pulumi.Output<string>;
  readonly os: pulumi.Output<string>;
}
declare const huaweicloud: { cce: { NodePool: new (name: string, args: NodePoolArgs) => NodePool } };
`;

const projectFiles = (await readdir(`${root}/examples`, { recursive: true })).filter((file) =>
  file.endsWith("Pulumi.yaml"),
);

/** Projects of the dynamic provider; those of other languages are for the plugin. */
const nodeProjects = projectFiles.filter((file) => /^runtime: nodejs$/m.test(textOf(`examples/${file}`)));

describe("the examples", () => {
  for (const file of ["Pulumi.yaml", ...nodeProjects.map((name) => `examples/${name}`)]) {
    it(`name a file as their program, since the engine would run the package's own entry for a folder: ${file}`, () =>
      assert.match(textOf(file), /^main: \S+\.ts$/m));
  }

  for (const file of nodeProjects) {
    const folder = `examples/${dirname(file)}`;
    it(`bring a compiler that knows their tsconfig.json, since Pulumi's own is of 2020: ${folder}`, () => {
      const { devDependencies } = JSON.parse(textOf(`${folder}/package.json`));
      const { version } = JSON.parse(textOf("node_modules/typescript/package.json"));
      assert.equal(devDependencies?.typescript, `^${version.split(".")[0]}.0.0`);
    });
  }

  it("show the quick start in every language with the same inputs, as that language writes them", () => {
    const inputs = ["clusterId", "nodePoolId", "maxUnavailable", "triggers"];
    const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const pascal = (name: string) => `${name[0]?.toUpperCase()}${name.slice(1)}`;
    const programs: [file: string, spelled: (name: string) => string][] = [
      ["examples/quickstart/index.ts", (name) => name],
      ["examples/yaml/Pulumi.yaml", (name) => name],
      ["examples/python/__main__.py", snake],
      ["examples/go/main.go", pascal],
    ];
    for (const [file, spelled] of programs)
      for (const name of [...inputs.map(spelled), "nodeOs"])
        assert.match(textOf(file), new RegExp(`\\b${name}\\b`), file);
  });

  it("are all in the list of examples, and each describes itself", async () => {
    const entries = await readdir(`${root}/examples`, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const listed = [...textOf("examples/README.md").matchAll(/^\| \[([\w-]+)\]\(\1\) /gm)].map(
      ([, name]) => name,
    );
    assert.deepEqual(listed.sort(), folders.sort());
    for (const folder of folders) assert.ok(existsSync(`${root}/examples/${folder}/README.md`), folder);
  });

  it("show a program for the vendor's provider that compiles against what it declares", () => {
    const [, program = ""] =
      /```ts\n([\s\S]*?)```/.exec(textOf("examples/alongside-cluster/README.md")) ?? [];
    const vendorsImport = 'import * as huaweicloud from "@huaweicloudos/pulumi";';
    assert.ok(program.includes(vendorsImport));
    assert.deepEqual(compileAll([program.replace(vendorsImport, vendorsNodePool)]), [[]]);
  });

  it("deploy from CI one at a time, and let no preview take the place of a deployment that waits", () => {
    const text = textOf("examples/ci/.github/workflows/pulumi.yml");
    const [top = "", ...jobs] = text.split(/^ {2}(?=preview:|deploy:)/m);
    assert.doesNotMatch(top, /concurrency/);
    const groups = jobs.map((job) =>
      /concurrency:\n\s+group: (.+)\n\s+cancel-in-progress: (.+)\n/.exec(job)?.slice(1),
    );
    assert.deepEqual(groups, [
      [`pulumi-preview-$\{{ github.event.pull_request.number }}`, "true"],
      ["pulumi-prod", "false"],
    ]);
  });

  it("have no trigger that may be unset: it would be recorded as null, and setting it resets all nodes", () => {
    const pages = [...manual, ...nodeProjects.map((file) => `examples/${dirname(file)}/index.ts`)];
    for (const page of pages) assert.doesNotMatch(textOf(page), /triggers: \[[^\]]*config\.get\w*\(/, page);
    assert.match(textOf("README.md"), /triggers: \[config\.require\("nodeOs"\)\]/);
  });

  it("set no configuration in their README that their project does not declare", () => {
    for (const name of projectFiles) {
      const folder = `examples/${name.split("/")[0]}`;
      const set = textOf(`${folder}/README.md`).matchAll(/pulumi config set (?:--\w+ )?'?(\w+)/g);
      const projects = projectFiles.filter((file) => `examples/${file}`.startsWith(`${folder}/`));
      const declared = projects.map((file) => textOf(`examples/${file}`)).join("\n");
      for (const [, key] of set)
        assert.match(declared, new RegExp(`^ {2}${key}:$`, "m"), `${key} in ${folder}`);
    }
  });
});
