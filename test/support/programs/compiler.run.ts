import { text } from "node:stream/consumers";
import ts from "typescript";
import { root } from "../root.ts";
import type { CompilerSettings, Finding } from "./compiler.ts";

const projects: Record<NonNullable<CompilerSettings["project"]>, ts.CompilerOptions> = {
  quickstart: {
    module: ts.ModuleKind.NodeNext,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
  },
  // Has declarations checked too.
  pulumiTemplate: {
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    target: ts.ScriptTarget.ES2020,
    forceConsistentCasingInFileNames: true,
    noFallthroughCasesInSwitch: true,
    noImplicitReturns: true,
    // The template's TypeScript is 5; 6 requires confirmation that an old setting is meant.
    ignoreDeprecations: "6.0",
  },
};

/** Compiles the programs without writing anything; the answer is in their order. */
function compileAll(programs: readonly string[], settings: CompilerSettings): Finding[][] {
  const { project = "quickstart", types = [] } = settings;
  const options: ts.CompilerOptions = {
    ...projects[project],
    // No program sees what another declares, whether or not it imports something.
    moduleDetection: ts.ModuleDetectionKind.Force,
    types: [...types],
    strict: true,
    noEmit: true,
  };
  const files = new Map(programs.map((code, index) => [`${root}/examples/quickstart/${index}.ts`, code]));
  const program = ts.createProgram([...files.keys()], options, programHost(files, options));
  const found = ts.getPreEmitDiagnostics(program);
  return [...files.keys()].map((name) =>
    found
      .filter(({ file }) => file === undefined || file.fileName === name || !files.has(file.fileName))
      .map(({ file, start = 0, length = 0, messageText }) => ({
        at: file?.fileName === name ? file.text.slice(start, start + length) : "",
        text: ts.flattenDiagnosticMessageText(messageText, "\n"),
      })),
  );
}

/** A host to which the files seem to be there. */
function programHost(files: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, how, ...rest) => {
    const code = files.get(name);
    return code === undefined ? getSourceFile(name, how, ...rest) : ts.createSourceFile(name, code, how);
  };
  return host;
}

const [programs, settings] = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(compileAll(programs, settings)));
