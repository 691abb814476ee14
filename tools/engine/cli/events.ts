import type { Diagnostic, ResultStep, StepOp } from "../types.ts";
import { isProviderType, nameOf } from "../urn.ts";

/** A line of the CLI's event log (apitype.EngineEvent), as far as results need it. */
interface EngineEvent {
  resourcePreEvent?: { metadata: StepMetadata };
  diagnosticEvent?: { urn?: string; message: string; severity: string; ephemeral?: boolean };
  summaryEvent?: { resourceChanges: Record<string, number> };
}

interface StepMetadata {
  op: StepOp;
  urn: string;
  type: string;
}

/** What an event log tells of an operation. */
export interface LoggedEvents {
  steps: ResultStep[];
  changes: Record<string, number>;
  diagnostics: Diagnostic[];
}

const SEVERITIES: Record<string, Diagnostic["severity"]> = {
  info: "info",
  "info#err": "info",
  warning: "warning",
  error: "error",
};

/** Reads an event log. The last line may be cut off when the CLI was killed; it is left out then. */
export function readEvents(log: string): LoggedEvents {
  const result: LoggedEvents = { steps: [], changes: {}, diagnostics: [] };
  for (const line of log.split("\n")) {
    const event = parse(line);
    const step = event?.resourcePreEvent?.metadata;
    if (step !== undefined && !isProviderType(step.type)) {
      const { op, urn, type } = step;
      result.steps.push({ op, urn, type, name: nameOf(urn) });
    }
    const diagnostic = toDiagnostic(event?.diagnosticEvent);
    if (diagnostic !== undefined) result.diagnostics.push(diagnostic);
    if (event?.summaryEvent !== undefined) result.changes = event.summaryEvent.resourceChanges ?? {};
  }
  return result;
}

function parse(line: string): EngineEvent | undefined {
  try {
    return line === "" ? undefined : JSON.parse(line);
  } catch {
    return undefined;
  }
}

function toDiagnostic(event: EngineEvent["diagnosticEvent"]): Diagnostic | undefined {
  const severity = SEVERITIES[event?.severity ?? ""];
  if (event === undefined || severity === undefined) return undefined;
  return {
    severity,
    message: event.message.trimEnd(),
    ...(event.urn && { urn: event.urn }),
    ...(event.ephemeral && { ephemeral: true }),
  };
}
