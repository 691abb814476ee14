/**
 * The gRPC library and the messages, all taken from where @pulumi/pulumi itself finds them: two copies of
 * @grpc/grpc-js or google-protobuf do not accept each other's objects, and neither is a dependency of ours.
 */
import { createRequire } from "node:module";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import enginePb from "@pulumi/pulumi/proto/engine_pb.js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import monitorServices from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import monitorPb from "@pulumi/pulumi/proto/resource_pb.js";
import statusPb from "@pulumi/pulumi/proto/status_pb.js";
import { version } from "@pulumi/pulumi/version.js";
import type { PropertyMap } from "../properties.ts";

const requireFromSdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));

/** The gRPC library. */
export const grpc: typeof import("@grpc/grpc-js") = requireFromSdk("@grpc/grpc-js");
const { Struct }: typeof import("google-protobuf/google/protobuf/struct_pb.js") = requireFromSdk(
  "google-protobuf/google/protobuf/struct_pb.js",
);
/** A message that says nothing (google.protobuf.Empty). */
export const { Empty }: typeof import("google-protobuf/google/protobuf/empty_pb.js") = requireFromSdk(
  "google-protobuf/google/protobuf/empty_pb.js",
);
export { enginePb, engineServices, monitorPb, monitorServices, providerPb, providerServices, statusPb };

/** Version of @pulumi/pulumi, as the CLI of the same release would write it: "v3.270.0". */
export const sdkVersion = `v${version}`;

/** A message that holds a JSON object (google.protobuf.Struct). */
export type Struct = InstanceType<typeof Struct>;

/** Settings of channels and servers. The library's default of 4 MB for a message is too little for large states. */
export const channelOptions = {
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
};

/** Packs properties in wire form into a message. */
export function toStruct(properties: PropertyMap): Struct {
  return Struct.fromJavaScript(properties);
}

/** Unpacks a message; a missing one is an empty object. */
export function fromStruct(struct: Struct | undefined): PropertyMap {
  return (struct?.toJavaScript() ?? {}) as PropertyMap;
}
