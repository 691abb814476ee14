import type { EngineEvent, OpMap } from "@pulumi/pulumi/automation/index.js";
import type { Diagnostic, Result } from "../types.ts";
import { isProviderType, nameOf } from "../urn.ts";

const SEVERITIES: Record<string, Diagnostic["severity"]> = {
  info: "info",
  "info#err": "info",
  warning: "warning",
  error: "error",
};

/** Puts a result together from the events of an operation, as they come. */
export function createEventReader() {
  const result: Pick<Result, "steps" | "diagnostics"> & { changes: OpMap } = {
    steps: [],
    changes: {},
    diagnostics: [],
  };
  return {
    result,
    read({ resourcePreEvent, diagnosticEvent, summaryEvent }: EngineEvent): void {
      if (resourcePreEvent !== undefined && !isProviderType(resourcePreEvent.metadata.type)) {
        const { op, urn, type } = resourcePreEvent.metadata;
        result.steps.push({ op, urn, type, name: nameOf(urn) });
      }
      const diagnostic = diagnosticEvent && toDiagnostic(diagnosticEvent);
      if (diagnostic !== undefined) result.diagnostics.push(diagnostic);
      if (summaryEvent !== undefined) result.changes = summaryEvent.resourceChanges ?? {};
    },
  };
}

function toDiagnostic(event: NonNullable<EngineEvent["diagnosticEvent"]>): Diagnostic | undefined {
  const severity = SEVERITIES[event.severity];
  if (severity === undefined) return undefined;
  return {
    severity,
    message: event.message.trimEnd(),
    ...(event.urn && { urn: event.urn }),
    ...(event.ephemeral && { ephemeral: true }),
  };
}
