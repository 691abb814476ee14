import { execFileSync } from "node:child_process";
import { root } from "../root.ts";

/** A thing that the compiler says of a program. */
export interface Finding {
  /** The part of the program that it is about, which an editor underlines; empty for what is about no part of it. */
  readonly at: string;
  /** What it says, without the places of declarations. */
  readonly text: string;
}

/** How programs are compiled. */
export interface CompilerSettings {
  /** Whose compiler options: those of the quick start (the default), or of Pulumi's own template for TypeScript. */
  readonly project?: "quickstart" | "pulumiTemplate";
  /** The packages whose global types the programs have (`compilerOptions.types`); default none. */
  readonly types?: readonly string[];
}

/**
 * What the compiler says of each of the programs, which stand where the quick start stands. It takes them as one, so
 * that it works out the types of @pulumi/pulumi once. It is a process of its own: what it holds, some 400 MB, would
 * stay with all tests that follow.
 */
export function compileAll(programs: readonly string[], settings: CompilerSettings = {}): Finding[][] {
  const findings = execFileSync(process.execPath, [`${root}/test/support/programs/compiler.run.ts`], {
    input: JSON.stringify([programs, settings]),
    encoding: "utf8",
  });
  return JSON.parse(findings);
}
