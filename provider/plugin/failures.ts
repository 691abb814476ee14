import grpc, { type ServiceError } from "@grpc/grpc-js";
import protocol from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import { InitFailure } from "../errors/initFailure.ts";
import { encode } from "./codec.ts";

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
