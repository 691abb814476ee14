import { type Input, type Output, output } from "@pulumi/pulumi";

/**
 * Encodes a script in plain text for `lifeCycle.preInstall` and `lifeCycle.postInstall`, which take Base64 (of the
 * text as UTF-8). A secret stays secret, and a value that is not known yet stays so.
 */
export function encodeScript(script: Input<string>): Output<string> {
  return output(script).apply((text) => Buffer.from(text, "utf8").toString("base64"));
}
