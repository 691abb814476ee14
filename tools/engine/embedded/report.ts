import type { PropertyMap } from "../properties.ts";
import type { Diagnostic, Result, ResultStep } from "../types.ts";
import { isProviderType, nameOf, typeOf } from "../urn.ts";
import { changeLines, outputLines, resourceTitle, stepLine, summaryLines } from "./render.ts";
import type { Step } from "./step.ts";

/** Shorter config secrets are not masked: they would blot out ordinary text. The CLI draws the same line. */
const SHORTEST_MASKED = 3;

/** Collects what an operation reports, and passes the lines on as they come. */
export class Report {
  readonly #dryRun: boolean;
  readonly #onLine: (line: string) => void;
  readonly #masked: string[];
  readonly #lines: string[] = [];
  readonly #steps: ResultStep[] = [];
  readonly #changes: Record<string, number> = {};
  readonly #diagnostics: Diagnostic[] = [];
  readonly #began = new Map<Step, number>();
  #failed = false;

  /** `secrets` are the values of secret config keys; they are masked in everything that is reported. */
  constructor(options: { dryRun: boolean; secrets: string[]; onLine: (line: string) => void }) {
    this.#dryRun = options.dryRun;
    this.#onLine = options.onLine;
    this.#masked = options.secrets
      .filter((secret) => secret.length >= SHORTEST_MASKED)
      .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
      // The longest first, or the rest of a secret would show that begins with another.
      .sort((a, b) => b.length - a.length);
  }

  /** Whether the engine has reported an error of its own: messages of programs and providers are only messages. */
  get failed(): boolean {
    return this.#failed;
  }

  line(text: string): void {
    for (const line of this.#mask(text).split("\n")) {
      this.#lines.push(line);
      this.#onLine(line);
    }
  }

  /** Passes on a message. */
  diagnose(diagnostic: Diagnostic): void {
    const message = this.#mask(diagnostic.message).trimEnd();
    this.#diagnostics.push({ ...diagnostic, message });
    const prefix = diagnostic.severity === "info" ? "" : `${diagnostic.severity}: `;
    const title = diagnostic.urn === undefined ? "" : `${resourceTitle(diagnostic.urn)} `;
    this.line(`    ${title}${prefix}${message}`.replaceAll("\n", "\n    "));
  }

  /** Reports that the operation fails, and why. */
  error(message: string, urn?: string): void {
    this.#failed = true;
    this.diagnose({ severity: "error", message, ...(urn !== undefined && { urn }) });
  }

  began(step: Step): void {
    if (isInternal(step)) return;
    this.#began.set(step, performance.now());
    this.#steps.push({ op: step.op, urn: step.urn, type: typeOf(step.urn), name: nameOf(step.urn) });
    if (step.op === "same") return;
    this.line(stepLine(step.op, step.urn, this.#dryRun ? "will" : "doing"));
    for (const line of changeLines(step.changes ?? [])) this.line(line);
  }

  succeeded(step: Step): void {
    if (isInternal(step)) return;
    const outcome = step.outcome?.() ?? step.op;
    if (step.counted) this.#changes[outcome] = (this.#changes[outcome] ?? 0) + 1;
    if (this.#dryRun || step.op === "same" || step.marker) return;
    this.line(stepLine(outcome, step.urn, "done", this.#secondsOf(step)));
  }

  failedStep(step: Step, error: Error): void {
    this.error(this.#dryRun ? `Preview failed: ${error.message}` : error.message, step.urn);
    this.line(stepLine(step.op, step.urn, "failed", this.#secondsOf(step)));
  }

  /** Reports the end, and sums up. */
  result(ok: boolean, outputs: PropertyMap): Result {
    this.#reportDiagnostics();
    for (const line of [...outputLines(outputs), ...summaryLines(this.#changes, this.#dryRun)])
      this.line(line);
    return {
      ok,
      steps: this.#steps,
      changes: this.#changes,
      diagnostics: this.#diagnostics,
      text: this.#lines.join("\n"),
    };
  }

  #reportDiagnostics(): void {
    const lasting = this.#diagnostics.filter(({ ephemeral }) => !ephemeral);
    if (lasting.length === 0) return;
    this.line("Diagnostics:");
    for (const [urn, diagnostics] of Map.groupBy(lasting, (diagnostic) => diagnostic.urn)) {
      this.line(urn === undefined ? "  the stack:" : `  ${typeOf(urn)} (${nameOf(urn)}):`);
      for (const { severity, message } of diagnostics) {
        const text = severity === "info" ? message : `${severity}: ${message}`;
        this.line(text.replaceAll(/^/gm, "    "));
      }
    }
  }

  #secondsOf(step: Step): number {
    return (performance.now() - (this.#began.get(step) ?? performance.now())) / 1000;
  }

  #mask(text: string): string {
    return this.#masked.reduce((masked, secret) => masked.replaceAll(secret, "[secret]"), text);
  }
}

/** The hidden default provider is no resource of the user's. */
function isInternal(step: Step): boolean {
  return isProviderType(typeOf(step.urn));
}
