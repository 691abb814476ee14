import assert from "node:assert/strict";
import ts from "typescript";
import { root, textOf } from "./support/root.ts";

const blocks = [...textOf("README.md").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);

describe("README", () => {
  it("has code to show", () => assert.ok(blocks.length >= 2));

  for (const [index, code] of blocks.entries()) {
    it(`has a program that compiles: block ${index + 1}`, () => assert.deepEqual(compile(code), []));
  }

  it("names no Node version but the one that the package asks for", () => {
    const { engines } = JSON.parse(textOf("package.json"));
    assert.ok(textOf("README.md").includes(`Node ${engines.node.replace(">=", "")} or newer`));
  });
});

/** What the compiler says of a program that stands where the quick start stands. */
function compile(code: string): string[] {
  const file = `${root}/examples/quickstart/readme.ts`;
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? code : readFile(name));
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, code, rest[0]) : getSourceFile(name, ...rest);
  const program = ts.createProgram([file], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
