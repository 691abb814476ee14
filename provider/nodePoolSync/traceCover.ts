import type { Report } from "../sync/report/progress.ts";
import type { Trace } from "../trace/trace.ts";
import type { Inputs } from "./inputs/schema.ts";

/** A shorter line of a script is a word of the shell's, such as `done`, which sentences have too. */
const shortestLine = 8;

/** Lets a trace cover what the inputs hold: the service may quote it in a sentence. */
export function coverInputs(trace: Trace, { nodeTemplate }: Partial<Inputs>): void {
  const { lifeCycle, login } = nodeTemplate ?? {};
  const { sshKey, userPassword } = login ?? {};
  const scripts = [lifeCycle?.preInstall, lifeCycle?.postInstall].flatMap((script) => partsOf(script ?? ""));
  const secrets = [...scripts, userPassword?.password ?? ""].filter((text) => text !== "");
  const names = [sshKey ?? "", userPassword?.username ?? ""].filter((name) => name !== "");
  if (secrets.length + names.length > 0) trace.cover({ secrets: () => secrets, names });
}

/** The script in Base64 and as it is, and each of its lines. */
function partsOf(script: string): string[] {
  const plain = Buffer.from(script, "base64").toString();
  const lines = plain.split(/\r?\n/).map((line) => line.trim());
  return [script, plain, ...lines.filter(({ length }) => length >= shortestLine)];
}

/** Reports what keeps a trace from being complete, where something does. */
export function reportTraceFault(trace: Trace, report: Report): void {
  const fault = trace.fault();
  if (fault !== undefined) report(`the trace is incomplete: ${fault}`, "warning");
}
