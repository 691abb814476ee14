import grpc, { type ServiceError } from "@grpc/grpc-js";
import protocol from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import type { Properties } from "../util/wire.ts";
import { encode } from "./codec.ts";

/** A failure after which there is something to record: the engine keeps the resource, and updates it next time. */
export class InitFailure extends Error {
  override readonly name = "InitFailure";
  readonly id: string;
  readonly outputs: Properties;
  /** What a refresh found; of a create or update the engine knows them itself. */
  readonly inputs: Properties | undefined;
  /** At least one: without a reason, the engine takes the resource for a healthy one. They are recorded in plain text. */
  readonly reasons: readonly [string, ...string[]];

  constructor(id: string, outputs: Properties, reasons: InitFailure["reasons"], inputs?: Properties) {
    super(reasons[0]);
    this.id = id;
    this.outputs = outputs;
    this.inputs = inputs;
    this.reasons = reasons;
  }
}

/** The error as the engine reads it: an init failure travels in the trailers, any other one is its message. */
export function serviceError(error: unknown): Pick<ServiceError, "code" | "details" | "metadata"> {
  const message = error instanceof Error ? error.message : String(error);
  const metadata = new grpc.Metadata();
  if (error instanceof InitFailure) metadata.set("grpc-status-details-bin", detailsOf(error, message));
  return { code: grpc.status.UNKNOWN, details: message, metadata };
}

function detailsOf({ id, outputs, inputs, reasons }: InitFailure, message: string): Buffer {
  const detail = new protocol.ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(encode(outputs));
  if (inputs !== undefined) detail.setInputs(encode(inputs));
  detail.setReasonsList([...reasons]);
  detail.setRefreshBeforeUpdate(true);
  const packed = new any.Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new statuses.Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(message);
  status.addDetails(packed);
  return Buffer.from(status.serializeBinary());
}
