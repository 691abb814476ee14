import type { ServiceError } from "@grpc/grpc-js";
import type { PropertyMap } from "../properties.ts";
import { fromStruct, providerPb, statusPb } from "./rpc.ts";

/** A provider call failed, and nothing is known to have come of it. The message is the provider's own. */
export class ProviderError extends Error {}

/** A resource came into being, or changed, but is not in order. Its state is kept together with the reasons. */
export class InitFailure extends Error {
  readonly id: string;
  readonly properties: PropertyMap;
  readonly reasons: string[];

  constructor(id: string, properties: PropertyMap, reasons: string[]) {
    super(listErrors(reasons));
    this.id = id;
    this.properties = properties;
    this.reasons = reasons;
  }
}

/**
 * The error that a failed call stands for. The details of an init failure travel in a binary trailer
 * (google.rpc.Status, which holds a pulumirpc.ErrorResourceInitFailed).
 */
export function toProviderError(error: ServiceError): ProviderError | InitFailure {
  for (const bytes of error.metadata?.get("grpc-status-details-bin") ?? []) {
    for (const detail of statusPb.Status.deserializeBinary(bytes as Buffer).getDetailsList()) {
      if (!detail.getTypeUrl().endsWith("pulumirpc.ErrorResourceInitFailed")) continue;
      const failed = providerPb.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
      return new InitFailure(failed.getId(), fromStruct(failed.getProperties()), failed.getReasonsList());
    }
  }
  return new ProviderError(error.details);
}

/** Several errors as one text, the way the engine's library prints them. */
function listErrors(reasons: string[]): string {
  if (reasons.length === 0) return "resource init failed";
  const count = reasons.length === 1 ? "1 error occurred:" : `${reasons.length} errors occurred:`;
  return `${count}\n${reasons.map((reason) => `\t* ${reason}`).join("\n")}\n\n`;
}
