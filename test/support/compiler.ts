import ts from "typescript";
import { root } from "./root.ts";

/** A thing that the compiler says of a program. */
export interface Finding {
  /** The part of the program that it is about, which an editor underlines; empty for what is about no part of it. */
  readonly at: string;
  /** What it says, without the places of declarations. */
  readonly text: string;
}

/** The settings of the quick start. */
const ours: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
};

/** The settings of Pulumi's own template for TypeScript, which have declarations checked too. */
export const pulumiTemplate: ts.CompilerOptions = {
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  target: ts.ScriptTarget.ES2020,
  forceConsistentCasingInFileNames: true,
  noFallthroughCasesInSwitch: true,
  noImplicitReturns: true,
  // The template's TypeScript is 5; 6 wants to be told that an old setting is meant.
  ignoreDeprecations: "6.0",
};

/** What does not change between programs is read once: most of it is the declarations of @pulumi/pulumi. */
const known = new Map<string, ts.SourceFile | undefined>();

/** Lets go of what was read: with the types that the compiler worked out, it is some 250 MB. */
export function forgetSourceFiles(): void {
  known.clear();
}

/**
 * What the compiler says of a program that stands where the quick start stands.
 * @param types the packages whose global types it has (`compilerOptions.types`).
 */
export function compile(code: string, types: string[] = []): string[] {
  return compileAll([code], { ...ours, types }).flatMap((findings) => findings.map(({ text }) => text));
}

/**
 * What the compiler says of each of the programs, which stand where the quick start stands. It takes them as one, so
 * that it works out the types of @pulumi/pulumi once.
 */
export function compileAll(programs: readonly string[], options: ts.CompilerOptions = ours): Finding[][] {
  const files = new Map(programs.map((code, index) => [`${root}/examples/quickstart/${index}.ts`, code]));
  const host = programHost(files, options);
  const program = ts.createProgram(
    [...files.keys()],
    { types: [], ...options, strict: true, noEmit: true },
    host,
  );
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
    if (code !== undefined) return ts.createSourceFile(name, code, how);
    const key = JSON.stringify([name, how]);
    if (!known.has(key)) known.set(key, getSourceFile(name, how, ...rest));
    return known.get(key);
  };
  return host;
}
