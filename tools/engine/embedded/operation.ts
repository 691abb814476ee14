import { availableParallelism } from "node:os";
import type { PropertyMap } from "../properties.ts";
import type { Operation, Result } from "../types.ts";
import { Checkpoint } from "./checkpoint.ts";
import { Control, StoppedError } from "./control.ts";
import { serveEngine } from "./engineService.ts";
import { Executor } from "./executor.ts";
import { Planner } from "./planner.ts";
import { runProgram } from "./programRun.ts";
import type { Providers } from "./providers.ts";
import { refresh } from "./refresh.ts";
import { Report } from "./report.ts";
import { Session, type StackContext } from "./session.ts";
import { STACK_REFERENCE_TYPE, StackReferenceReader } from "./stackReference.ts";
import type { Snapshot } from "./state.ts";

/** What an operation does to a stack. */
export type OperationKind = "preview" | "update" | "refresh" | "destroy";

/** How it does that. */
export interface OperationOptions {
  /** Read every resource before an update. */
  refreshFirst?: boolean | undefined;
  /** How many resource operations may run at a time. */
  parallel?: number | undefined;
}

/** Begins an operation on a stack. */
export function startOperation(
  kind: OperationKind,
  stack: StackContext,
  options: OperationOptions = {},
): Operation {
  const run = new Run(kind, stack, options);
  return {
    result: run.start(),
    interrupt: () => run.interrupt(),
    kill: () => run.kill(),
    providerPids: () => run.providerPids(),
  };
}

/** The CLI's default: four operations for each CPU (pkg/cmd/pulumi/operations/up.go). */
const PARALLEL_FOR_EACH_CPU = 4;

const TITLES: Record<OperationKind, string> = {
  preview: "Previewing update",
  update: "Updating",
  refresh: "Refreshing",
  destroy: "Destroying",
};

class Run {
  readonly #kind: OperationKind;
  readonly #session: Session;
  readonly #refreshFirst: boolean;
  readonly #died = Promise.withResolvers<void>();
  #checkpoint: Checkpoint | undefined;
  #outputs: PropertyMap = {};
  #saving: Promise<void> = Promise.resolve();

  constructor(kind: OperationKind, stack: StackContext, options: OperationOptions) {
    const dryRun = kind === "preview";
    const parallel = options.parallel ?? availableParallelism() * PARALLEL_FOR_EACH_CPU;
    const secrets = stack.secretKeys.map((key) => stack.config[key] ?? "");
    const report = new Report({ dryRun, secrets, onLine: stack.onLine });
    this.#kind = kind;
    this.#session = new Session({ stack, dryRun, parallel, control: new Control(parallel), report });
    this.#refreshFirst = options.refreshFirst ?? false;
  }

  async start(): Promise<Result> {
    const { report, control, stack } = this.#session;
    report.line(
      `${TITLES[this.#kind]} (${stack.name}) with the embedded engine, a stand-in for the Pulumi CLI:`,
    );
    report.line("");
    const work = this.#work().catch((error: Error) => {
      if (!control.killed) report.error(error.message);
    });
    await Promise.race([work, this.#died.promise]);
    if (!control.killed) await this.#session.close();
    return report.result(!report.failed && !control.stopped, this.#outputs);
  }

  interrupt(): void {
    if (this.#session.control.stopped) return;
    this.#session.control.stop("canceled");
    this.#session.cancelProviders();
  }

  kill(): void {
    this.#session.control.stop("killed");
    this.#checkpoint?.close();
    this.#session.die();
    this.#session.report.error("the engine was killed");
    // A write that has begun comes to its end; whoever opens the stack next must not meet it.
    this.#saving.then(this.#died.resolve, this.#died.resolve);
  }

  providerPids(): number[] {
    return this.#session.providerPids();
  }

  async #work(): Promise<void> {
    const { report, control, stack } = this.#session;
    let base = await stack.load();
    const engine = await this.#session.serve(serveEngine((diagnostic) => report.diagnose(diagnostic)));
    if (this.#kind === "refresh" || this.#refreshFirst) base = await this.#refresh(base, engine.address);
    if (this.#kind !== "refresh" && !control.stopped) await this.#change(base, engine.address);
    if (control.canceled && !report.failed) this.#reportEnd("canceled");
  }

  async #refresh(base: Snapshot, engineAddress: string): Promise<Snapshot> {
    const providers = this.#session.newProviders(base, engineAddress);
    const executor = this.#newExecutor(providers);
    const found = await refresh(base, executor, { counted: this.#kind === "refresh" });
    if (this.#session.control.killed) return base;
    await this.#save(found);
    this.#checkFailures(executor);
    await providers.stop();
    return found;
  }

  /** Everything but the refresh: runs the program if the operation is not a destroy, and deletes the rest. */
  async #change(base: Snapshot, engineAddress: string): Promise<void> {
    const { stack, control, report, dryRun } = this.#session;
    const checkpoint = dryRun ? undefined : new Checkpoint(base, (state) => this.#save(state));
    this.#checkpoint = checkpoint;
    const providers = this.#session.newProviders(base, engineAddress);
    const executor = this.#newExecutor(providers, checkpoint);
    const planner = new Planner({
      stack: stack.name,
      project: stack.project.name,
      dryRun,
      olds: base.resources,
      providerOf: (resource) => providers.of(resource),
      report: (message, urn) => report.error(message, urn),
    });
    const finish = () => executor.execute(planner.deletions()).catch(ignoreStop);
    const onOutputs = async () => checkpoint?.save();
    if (this.#kind === "destroy") await finish();
    else {
      providers.warmUp();
      this.#outputs = await runProgram(this.#session, {
        planner,
        executor,
        onOutputs,
        engineAddress,
        finish,
      });
    }
    if (control.killed) return;
    this.#checkFailures(executor);
    await checkpoint?.save();
  }

  #save(state: Snapshot): Promise<void> {
    this.#saving = this.#session.stack.save(state);
    return this.#saving;
  }

  #newExecutor(providers: Providers, checkpoint?: Checkpoint): Executor {
    const { dryRun, control, report, stack } = this.#session;
    const stackReferences = new StackReferenceReader((name) => stack.outputsOf(name));
    return new Executor({
      context: {
        dryRun,
        providerOf: (resource) => providers.of(resource),
        readerOf: async (resource) =>
          resource.type === STACK_REFERENCE_TYPE ? stackReferences : providers.of(resource),
        configureProvider: (provider) => providers.configure(provider),
      },
      control,
      report,
      checkpoint,
    });
  }

  #checkFailures(executor: Executor): void {
    if (executor.failed.length === 0) return;
    this.#reportEnd("failed");
    this.#session.control.stop("failed");
  }

  #reportEnd(how: "failed" | "canceled"): void {
    this.#session.report.error(`${this.#session.dryRun ? "preview" : "update"} ${how}`);
  }
}

/** A step that fails has been reported, and what comes after it stays as it is. */
function ignoreStop(error: Error): void {
  if (!(error instanceof StoppedError)) throw error;
}
