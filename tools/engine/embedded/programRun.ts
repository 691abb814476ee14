import { makeSecret, type PropertyMap } from "../properties.ts";
import { serveMonitor } from "./monitor.ts";
import { Registrar, type RegistrarOptions } from "./registrar.ts";
import { EXIT_AFTER_LOGGED_ERROR, ORGANIZATION } from "./sdkProcesses.ts";
import type { Session } from "./session.ts";

/** Who deals with what the program asks for. */
export interface ProgramRunOptions extends Pick<RegistrarOptions, "planner" | "executor" | "onOutputs"> {
  engineAddress: string;
  /** Called when the program has registered everything it wants, while it still waits for the end. */
  finish(): Promise<void>;
}

/**
 * Runs the program and does what it asks for, until it has asked for everything or the operation stops.
 * Resolves to the stack's outputs.
 */
export async function runProgram(session: Session, options: ProgramRunOptions): Promise<PropertyMap> {
  const { control, report, stack } = session;
  const registrar = new Registrar({ ...options, control, report, providerConfig: configAsInputs(session) });
  const registeredAll = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  const monitor = await session.serve(
    serveMonitor({
      project: stack.project.name,
      stack: stack.name,
      organization: ORGANIZATION,
      config: stack.config,
      secretKeys: stack.secretKeys,
      dryRun: session.dryRun,
      parallel: session.parallel,
      register: (goalOf) => registrar.register(goalOf),
      read: (goal) => registrar.read(goal),
      registerOutputs: (urn, outputs) => registrar.registerOutputs(urn, outputs),
      async programDone() {
        registeredAll.resolve();
        await over.promise;
      },
      over: over.promise,
    }),
  );
  const { engineAddress } = options;
  const program = await session.startProgram({ monitorAddress: monitor.address, engineAddress });
  const exit = program.ended.then((code) => ({ code }));
  const end = await Promise.race([registeredAll.promise, exit, control.halted]);
  if (end !== undefined) checkExit(session, end.code);
  await registrar.planned();
  await control.idle();
  if (!control.stopped) await options.finish();
  if (control.killed) return {};
  const failed = report.failed || control.stopped;
  const outputs = registrar.finishStack(failed);
  // After a failure the program has nothing to say that is not noise: it only sees its calls break off.
  if (failed) program.kill();
  over.resolve();
  await program.letEnd();
  return outputs;
}

/** A program that ends without a word to the monitor has failed, or its SDK is an old one. */
function checkExit({ control, report }: Session, code: number | null): void {
  if (control.stopped || code === 0) return;
  if (code === null) report.error("Program was ended by a signal");
  else if (code !== EXIT_AFTER_LOGGED_ERROR) {
    report.error(`Program exited with non-zero exit code: ${code}`);
  }
  control.stop("failed");
}

function configAsInputs({ stack: { config, secretKeys } }: Session): PropertyMap {
  const entries = Object.entries(config).map(([key, value]) => [
    key,
    secretKeys.includes(key) ? makeSecret(value) : value,
  ]);
  return Object.fromEntries(entries);
}
