import assert from "node:assert/strict";
import { inspect } from "node:util";
import ts from "typescript";
import { propertyNames } from "../sdk/args.ts";
import { fullInputs } from "./support/fullInputs.ts";
import { root } from "./support/root.ts";

/** The declarations behind the doors that programs import from, as they are packed. */
const doors = {
  "pulumi-cce-nodepool-sync": "dist/sdk/index.d.ts",
  "pulumi-cce-nodepool-sync/emulator": "dist/emulator/index.d.ts",
};

/** Codes explain themselves; what each means and what to do stands in docs/troubleshooting.md. */
const withoutMembers = ["errorCodes"];

/** A program that gives every input, logs in both ways and reads every output. */
const code = `
import { NodePoolSync } from "pulumi-cce-nodepool-sync";
const sync = new NodePoolSync("a", ${inspect({ ...fullInputs, triggers: ["t"] }, { depth: null })});
new NodePoolSync("b", { clusterId: "c", nodePoolId: "n", maxUnavailable: 1, nodeTemplate: { lifeCycle: {}, login: { sshKey: "k" } } });
${propertyNames.map((name) => `sync.${name};`).join("\n")}
`;

const place = `${root}/examples/quickstart/program.ts`;
const options: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  strict: true,
  skipLibCheck: true,
  types: [],
};

/** What editors ask, over the doors and the program. */
const editor = ts.createLanguageService({
  ...ts.sys,
  useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
  getScriptFileNames: () => [...Object.values(doors).map((file) => `${root}/${file}`), place],
  getScriptVersion: () => "",
  getScriptSnapshot(name) {
    const text = name === place ? code : ts.sys.readFile(name);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  fileExists: (name) => name === place || ts.sys.fileExists(name),
  getCompilationSettings: () => options,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
});

function sourceOf(path: string): ts.SourceFile {
  const source = editor.getProgram()?.getSourceFile(path);
  assert.ok(source !== undefined, `there is no ${path}`);
  return source;
}

/** The text at each name in the tree that is one to ask for. */
function textsIn(node: ts.Node, asked: (name: ts.Node) => boolean): [name: string, text: string][] {
  const texts = node.getChildren().flatMap((child) => textsIn(child, asked));
  if (!asked(node)) return texts;
  const file = node.getSourceFile();
  const shown = editor.getQuickInfoAtPosition(file.fileName, node.getStart(file));
  return [[node.getText(file), ts.displayPartsToString(shown?.documentation)], ...texts];
}

/** What stands behind each name that a door exports. */
function exportsOf(file: string): [name: string, declarations: readonly ts.Declaration[]][] {
  const checker = editor.getProgram()?.getTypeChecker();
  const door = checker?.getSymbolAtLocation(sourceOf(`${root}/${file}`));
  assert.ok(checker !== undefined && door !== undefined);
  return checker.getExportsOfModule(door).map((symbol) => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return [symbol.name, target.declarations ?? []];
  });
}

/** Whether a node is the name of a field or method that is declared there. */
const isMember = (node: ts.Node) => {
  const { parent } = node;
  return (ts.isTypeElement(parent) || ts.isClassElement(parent)) && parent.name === node;
};

/** Whether a node is a name of the program's: of an input that is given, or of an output that is read. */
const isUsed = (node: ts.Node) => {
  const { parent } = node;
  return (ts.isPropertyAssignment(parent) || ts.isPropertyAccessExpression(parent)) && parent.name === node;
};

const withoutText = (texts: readonly [name: string, text: string][]) =>
  texts.filter(([, text]) => text === "").map(([name]) => name);

describe("what an editor shows where the mouse rests", () => {
  for (const [door, file] of Object.entries(doors)) {
    it(`says of each name of ${door}, and of each field, option and method in it, what it is`, () => {
      const names = exportsOf(file);
      assert.ok(names.length > 10, String(names.length));
      const silent = names.flatMap(([name, declarations]) =>
        declarations.flatMap((declaration) => {
          const own = ts.getNameOfDeclaration(declaration);
          const texts = textsIn(
            declaration,
            (node) => node === own || (!withoutMembers.includes(name) && isMember(node)),
          );
          return withoutText(texts).map((inner) => `${name}: ${inner}`);
        }),
      );
      assert.deepEqual(silent, []);
    });
  }

  it("says it in a program too, of every input where it is given and of every output where it is read", () => {
    assert.deepEqual(editor.getSemanticDiagnostics(place), []);
    const texts = sourceOf(place).statements.flatMap((line) => textsIn(line, isUsed));
    const names = new Set(texts.map(([name]) => name));
    assert.deepEqual(
      [...propertyNames, "sshKey", "password"].filter((name) => !names.has(name)),
      [],
    );
    assert.deepEqual(withoutText(texts), []);
  });
});
