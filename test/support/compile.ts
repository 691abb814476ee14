import ts from "typescript";
import { root } from "./root.ts";

/** What does not change between programs is read once: most of it is the declarations of @pulumi/pulumi. */
const known = new Map<string, ts.SourceFile | undefined>();

/**
 * What the compiler says of a program that stands where the quick start stands.
 * @param types the packages whose global types it has (`compilerOptions.types`).
 */
export function compile(code: string, types: string[] = []): string[] {
  const file = `${root}/examples/quickstart/program.ts`;
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    types,
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.readFile = (name) => (name === file ? code : readFile(name));
  host.getSourceFile = (name, ...rest) => {
    if (name === file) return ts.createSourceFile(name, code, rest[0]);
    if (!known.has(name)) known.set(name, getSourceFile(name, ...rest));
    return known.get(name);
  };
  const program = ts.createProgram([file], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
