import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { embeddedEngine } from "../../tools/engine/index.ts";
import { readProject } from "../../tools/engine/project.ts";
import { withFolder } from "../support/programs/temporaryFolder.ts";

/** Reads a Pulumi.yaml beside which there are a main file and a folder. */
function read(yaml: string) {
  return withFolder(async (folder) => {
    await mkdir(join(folder, "src"));
    await writeFile(join(folder, "src", "main.ts"), "");
    await writeFile(join(folder, "Pulumi.yaml"), yaml);
    const { programDir, root, ...rest } = await readProject(folder);
    return {
      ...rest,
      programDir: programDir.replace(folder, "<root>"),
      root: root.replace(folder, "<root>"),
    };
  });
}

describe("a Pulumi.yaml", () => {
  it("needs a name and a runtime", async () =>
    assert.deepEqual(await read("name: p\nruntime: nodejs\n"), {
      name: "p",
      root: "<root>",
      programDir: "<root>",
      entry: ".",
      typescript: true,
      defaults: {},
    }));

  it("may name the main file, whose folder the program runs in", async () => {
    const { programDir, entry } = await read("name: p\nruntime: nodejs\nmain: src/main.ts\n");
    assert.deepEqual([programDir, entry], ["<root>/src", "main.ts"]);
  });

  it("may say that the program is no TypeScript", async () => {
    const { typescript } = await read("name: p\nruntime: {name: nodejs, options: {typescript: false}}\n");
    assert.equal(typescript, false);
  });

  it("may give config keys their values, in the project's namespace where none is named", async () => {
    const { defaults } = await read(
      "name: p\nruntime: nodejs\nconfig: {a: 1, b: {default: [x]}, 'ns:c': {value: v, secret: true}, d: {type: string}}\n",
    );
    assert.deepEqual(defaults, { "p:a": "1", "p:b": '["x"]', "ns:c": { secret: "v" } });
  });

  const mistakes: [string, string, RegExp][] = [
    ["is not YAML", "name: [", /Pulumi\.yaml is not valid YAML: /],
    ["holds no keys", "- a\n", /Pulumi\.yaml must hold keys and values/],
    ["has no name", "runtime: nodejs\n", /Pulumi\.yaml: "name" is missing/],
    ["has no runtime", "name: p\n", /runtime undefined is not known here; only "nodejs" programs run/],
    ["has another runtime", "name: p\nruntime: python\n", /runtime "python" is not known here/],
    [
      "has a wrong option",
      "name: p\nruntime: {name: nodejs, options: {typescript: 1}}\n",
      /"typescript" must be/,
    ],
    [
      "has an option that would not be carried out",
      "name: p\nruntime: {name: nodejs, options: {nodeargs: --a}}\n",
      /the runtime option "nodeargs" is not known here/,
    ],
    ["names a folder as its main", "name: p\nruntime: nodejs\nmain: src\n", /"main" must be a file/],
    [
      "names a main that is not there",
      "name: p\nruntime: nodejs\nmain: gone.ts\n",
      /"main", .*gone\.ts, does not exist/,
    ],
    ["has a main that is no path", "name: p\nruntime: nodejs\nmain: [a]\n", /"main" must be a path/],
  ];
  for (const [title, yaml, message] of mistakes) {
    it(`is refused when it ${title}`, () => assert.rejects(read(yaml), { name: "Error", message }));
  }

  it("must be there", () =>
    withFolder((folder) =>
      assert.rejects(embeddedEngine.openStack({ projectDir: folder, home: join(folder, "home") }), {
        message:
          /no Pulumi project: .*Pulumi\.yaml does not exist; give the folder that holds a Pulumi\.yaml/,
      }),
    ));
});

describe("a program without @pulumi/pulumi", () => {
  it("is told to install it", () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, "Pulumi.yaml"), "name: p\nruntime: nodejs\n");
      const stack = await embeddedEngine.openStack({ projectDir: folder, home: join(folder, "home") });
      const result = await stack.up().result;
      assert.equal(result.ok, false);
      assert.match(
        result.text,
        /@pulumi\/pulumi is not installed for the program in .*: run "npm install" there/,
      );
    }));
});

describe("a state file that is none", () => {
  it("is told with the path, and where an earlier state may be", () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, "Pulumi.yaml"), "name: p\nruntime: nodejs\n");
      const stack = await embeddedEngine.openStack({ projectDir: folder, home: folder });
      await mkdir(join(folder, ".pulumi", "stacks", "p"), { recursive: true });
      await writeFile(join(folder, ".pulumi", "stacks", "p", "dev.json"), "{");
      const result = await stack.destroy().result;
      assert.equal(result.ok, false);
      assert.match(
        result.text,
        /dev\.json is not the state of a stack; .*dev\.json\.bak may hold an earlier one/,
      );
    }));
});

describe("a stack on which an operation is under way", () => {
  it("takes no other one", () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, "Pulumi.yaml"), "name: p\nruntime: nodejs\n");
      const stack = await embeddedEngine.openStack({ projectDir: folder, home: folder });
      const first = stack.destroy();
      assert.throws(() => stack.preview(), { message: 'another operation on the stack "dev" is under way' });
      assert.equal((await first.result).ok, true);
      assert.equal((await stack.destroy().result).ok, true);
    }));
});
