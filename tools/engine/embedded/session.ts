import type { Project } from "../project.ts";
import type { Control } from "./control.ts";
import type { NodeProcess } from "./nodeProcess.ts";
import { Providers } from "./providers.ts";
import type { Report } from "./report.ts";
import { type Output, type ProgramOptions, providerLauncher, startProgram } from "./sdkProcesses.ts";
import type { Server } from "./server.ts";
import type { StackOutputs } from "./stackReference.ts";
import type { Snapshot } from "./state.ts";

/** A stack as an operation works on it. */
export interface StackContext {
  project: Project;
  name: string;
  /** Config in plain, by complete key. */
  config: Record<string, string>;
  secretKeys: string[];
  environment: NodeJS.ProcessEnv;
  onLine: (line: string) => void;
  load(): Promise<Snapshot>;
  save(snapshot: Snapshot): Promise<void>;
  /** The last outputs of a stack of the same home. */
  outputsOf: StackOutputs;
}

/** What the parts of one operation share, and everything they have started, so that it can be ended together. */
export class Session {
  readonly stack: StackContext;
  readonly dryRun: boolean;
  readonly parallel: number;
  readonly control: Control;
  readonly report: Report;
  readonly #servers: Server[] = [];
  readonly #providers: Providers[] = [];
  #program: NodeProcess | undefined;

  constructor(options: Pick<Session, "stack" | "dryRun" | "parallel" | "control" | "report">) {
    this.stack = options.stack;
    this.dryRun = options.dryRun;
    this.parallel = options.parallel;
    this.control = options.control;
    this.report = options.report;
  }

  /** Takes a server into its care. */
  async serve(starting: Promise<Server>): Promise<Server> {
    const server = await starting;
    this.#servers.push(server);
    if (this.control.killed) server.close();
    return server;
  }

  /** Provider processes for one phase; `base` is where the config of providers is looked up. */
  newProviders(base: Snapshot, engineAddress: string): Providers {
    const { project, environment } = this.stack;
    const launch = providerLauncher(project, engineAddress, environment, this.#output());
    const providers = new Providers(launch, base.resources);
    this.#providers.push(providers);
    return providers;
  }

  async startProgram(
    addresses: Pick<ProgramOptions, "monitorAddress" | "engineAddress">,
  ): Promise<NodeProcess> {
    const { stack, dryRun, parallel } = this;
    const program = await startProgram({
      ...addresses,
      project: stack.project,
      stack: stack.name,
      config: stack.config,
      secretKeys: stack.secretKeys,
      dryRun,
      parallel,
      environment: stack.environment,
      output: this.#output(),
    });
    this.#program = program;
    if (this.control.killed) program.kill();
    return program;
  }

  cancelProviders(): void {
    for (const providers of this.#providers) providers.cancel();
  }

  providerPids(): number[] {
    return this.#providers.flatMap((providers) => providers.pids());
  }

  /** The end of an engine that dies: the program with it, servers gone, providers left to themselves. */
  die(): void {
    this.#program?.kill();
    for (const providers of this.#providers) providers.abandon();
    for (const server of this.#servers) server.close();
  }

  /** The orderly end. */
  async close(): Promise<void> {
    await this.#program?.stop();
    await Promise.all(this.#providers.map((providers) => providers.stop()));
    for (const server of this.#servers) server.close();
  }

  #output(): Output {
    const log = (message: string) => this.report.diagnose({ severity: "info", message });
    return { stdout: log, stderr: log };
  }
}
