import { isObject } from "./json.ts";
import { unknownValue } from "./unknowns.ts";

/** Inputs or outputs as the engine sends them, decoded. Names that begin with two underscores are not a program's. */
export type Properties = Record<string, unknown>;

/**
 * The forms in which the engine sends values that JSON has no type for (@pulumi/pulumi, runtime/rpc: `specialSigKey`,
 * `specialSecretSig`, `specialOutputValueSig`, `specialAssetSig`, `specialArchiveSig`).
 */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const fileKinds: Readonly<Record<string, "asset" | "archive">> = {
  c44067f5952c0a294b673a41bacd8c17: "asset",
  "0def7320c3a5731c473e5ecbe6d01bc7": "archive",
};

/** The value in the form that makes the engine store and show it as a secret, in whatever a provider returns. */
export function wireSecret(value: unknown): Record<string, unknown> {
  return { [signatureKey]: secretSignature, value };
}

/** The value inside a wire secret; any other value as it is. */
export function unwrapSecret(value: unknown): unknown {
  return isObject(value) && value[signatureKey] === secretSignature ? value.value : value;
}

/** The value without the secrets and outputs that it holds at any level; an output without a value is not known yet. */
export function unwrapAll(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapAll);
  if (!isObject(value)) return value;
  const signature = value[signatureKey];
  if (signature === secretSignature) return unwrapAll(value.value);
  if (signature === outputSignature) return "value" in value ? unwrapAll(value.value) : unknownValue;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapAll(inner)]));
}

/**
 * The asset or archive as its kind and hash; undefined for any other value. The engine sends the content beside the
 * hash in some calls and leaves it out in others.
 */
export function fileHash(value: unknown): { readonly [kind in "asset" | "archive"]?: string } | undefined {
  if (!isObject(value)) return undefined;
  const kind = fileKinds[String(value[signatureKey])];
  if (kind === undefined || typeof value.hash !== "string" || value.hash === "") return undefined;
  return { [kind]: value.hash };
}
