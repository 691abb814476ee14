import { randomHex } from "./authentication.ts";
import { gatewayError, type Refusal } from "./errors.ts";
import { iamTime } from "./iam.ts";
import { type Handler, ok } from "./world.ts";

/**
 * How the metadata service of the emulated server behaves: open to everyone, open only to who brings a token of it
 * (`hardened`), or not there at all.
 */
export type MetadataMode = "open" | "hardened" | "off";

/** The state of the metadata service. */
export interface MetadataService {
  readonly mode: MetadataMode;
  /** How long the temporary keys that it hands out are valid. */
  readonly keySeconds: number;
  /** Its own tokens, with the time at which each ends. */
  readonly tokens: Map<string, number>;
}

const refusals: Record<"absent" | "unauthorized" | "noTtl", Refusal> = {
  absent: gatewayError(404, "404", "Not Found"),
  unauthorized: gatewayError(401, "401", "Unauthorized: X-Metadata-Token is missing or has expired"),
  noTtl: gatewayError(400, "400", "Bad Request: X-Metadata-Token-Ttl-Seconds must be 1 to 21600"),
};

/** `GET /openstack/latest/securitykey`: temporary keys of the server's agency. */
export const showSecurityKey: Handler = ({ headers }, { metadata, gatekeeper, now }) => {
  if (metadata.mode === "off") return refusals.absent;
  const validUntil = metadata.tokens.get(headers["x-metadata-token"] ?? "") ?? 0;
  if (metadata.mode === "hardened" && validUntil <= now()) return refusals.unauthorized;
  const key = gatekeeper.issueTemporaryKey(metadata.keySeconds);
  return ok({
    credential: {
      access: key.accessKey,
      secret: key.secretKey,
      securitytoken: key.securityToken,
      expires_at: iamTime(key.expiresAt),
    },
  });
};

/** `PUT /meta-data/latest/api/token`: a token for the hardened way. The answer is the bare text. */
export const issueMetadataToken: Handler = ({ headers }, { metadata, now }) => {
  if (metadata.mode !== "hardened") return refusals.absent;
  const seconds = Number(headers["x-metadata-token-ttl-seconds"]);
  if (!(seconds >= 1 && seconds <= 21_600)) return refusals.noTtl;
  const token = randomHex(32);
  metadata.tokens.set(token, now() + seconds * 1000);
  return { status: 200, text: token };
};
