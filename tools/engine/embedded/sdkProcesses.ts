/** The two processes that @pulumi/pulumi brings along: one runs a program, the other dynamic providers. */
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Project } from "../project.ts";
import { type NodeProcess, startNode } from "./nodeProcess.ts";
import { ProviderError } from "./providerErrors.ts";
import type { LaunchProvider } from "./providers.ts";

/** Who gets what a process prints. */
export interface Output {
  stdout(line: string): void;
  stderr(line: string): void;
}

/** The program's share of an operation. */
export interface ProgramOptions {
  project: Project;
  stack: string;
  /** Config in plain, by complete key. */
  config: Record<string, string>;
  secretKeys: string[];
  dryRun: boolean;
  parallel: number;
  monitorAddress: string;
  engineAddress: string;
  environment: NodeJS.ProcessEnv;
  output: Output;
}

/** The name the CLI's file backend uses where there are no organizations. */
export const ORGANIZATION = "organization";

/** Exit code of a program that has logged its error itself (@pulumi/pulumi, cmd/run). */
export const EXIT_AFTER_LOGGED_ERROR = 32;

/** Starts the program, as pulumi-language-nodejs does. */
export function startProgram(options: ProgramOptions): Promise<NodeProcess> {
  const { project, output } = options;
  // The program's SDK reads keys in the old form `namespace:config:name` as well; the CLI sends that one.
  const config = Object.entries(options.config).map(([key, value]) => [key.replace(":", ":config:"), value]);
  return startNode({
    args: [
      resolveFrom(project.programDir, "@pulumi/pulumi/cmd/run/index.js"),
      ...["--monitor", options.monitorAddress],
      ...["--engine", options.engineAddress],
      ...["--organization", ORGANIZATION],
      ...["--project", project.name],
      ...["--root-directory", project.root],
      ...["--stack", options.stack],
      ...["--pwd", project.programDir],
      ...["--parallel", String(options.parallel)],
      ...(options.dryRun ? ["--dry-run"] : []),
      project.entry,
    ],
    cwd: project.programDir,
    env: {
      ...options.environment,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(config)),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(options.secretKeys),
      ...(project.typescript && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    },
    onStdout: output.stdout,
    onStderr: output.stderr,
  });
}

/** Prepares the start of dynamic-provider processes. The first line such a process prints is its port. */
export function providerLauncher(
  project: Project,
  engineAddress: string,
  environment: NodeJS.ProcessEnv,
  output: Output,
): LaunchProvider {
  return async () => {
    let listens: (address: string) => void = () => undefined;
    let fails: (error: Error) => void = () => undefined;
    const address = new Promise<string>((resolve, reject) => {
      listens = resolve;
      fails = reject;
    });
    let port: number | undefined;
    const process = await startNode({
      args: [resolveFrom(project.programDir, "@pulumi/pulumi/cmd/dynamic-provider/index.js"), engineAddress],
      cwd: project.programDir,
      env: {
        ...environment,
        PULUMI_PROJECT: project.name,
        PULUMI_NODEJS_PROJECT: project.name,
        PULUMI_CONFIG: "{}",
      },
      onStdout(line) {
        if (port !== undefined) return output.stdout(line);
        port = Number(line);
        listens(`127.0.0.1:${port}`);
      },
      onStderr: output.stderr,
    });
    void process.ended.then((code) => {
      fails(new ProviderError(`the dynamic-provider process ended before it listened (exit code ${code})`));
    });
    return { process, address };
  };
}

function resolveFrom(programDir: string, module: string): string {
  try {
    return createRequire(join(programDir, "program.js")).resolve(module);
  } catch {
    throw new Error(
      `@pulumi/pulumi is not installed for the program in ${programDir}: run "npm install" there`,
    );
  }
}
