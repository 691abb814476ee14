import type { Refusal } from "../cluster/errors.ts";
import { randomHex } from "./authentication.ts";
import { credentialBody } from "./iam.ts";
import { type Handler, ok } from "./serviceContext.ts";

const longestTtl = 21_600;

/** `GET /openstack/latest/securitykey`: temporary keys of the server's agency. */
export const showSecurityKey: Handler = ({ headers }, { metadata, authenticator, now }) => {
  if (metadata.mode === "off") return refuse(404, "Not Found");
  const validUntil = metadata.tokens.get(headers["x-metadata-token"] ?? "") ?? 0;
  if (metadata.mode === "hardened" && validUntil <= now()) {
    return refuse(401, "Unauthorized: X-Metadata-Token is missing or has expired");
  }
  return ok(credentialBody(authenticator.issueTemporaryKey(metadata.keySeconds)));
};

/** `PUT /meta-data/latest/api/token`: a token for the hardened way. The answer is the bare text. */
export const issueMetadataToken: Handler = ({ headers }, { metadata, secrets, now }) => {
  if (metadata.mode !== "hardened") return refuse(404, "Not Found");
  const seconds = Number(headers["x-metadata-token-ttl-seconds"]);
  if (!(seconds >= 1 && seconds <= longestTtl)) {
    return refuse(400, `Bad Request: X-Metadata-Token-Ttl-Seconds must be 1 to ${longestTtl}`);
  }
  const token = randomHex(32);
  secrets.add(token);
  metadata.tokens.set(token, now() + seconds * 1000);
  return { status: 200, text: token };
};

/** The metadata service is no part of the gateway, and answers in plain text. */
function refuse(status: number, message: string): Refusal {
  return { status, text: message, refusal: message };
}
