/**
 * The forms in which the engine sends values that JSON has no type for (@pulumi/pulumi, runtime/rpc: `specialSigKey`,
 * `specialSecretSig`, `specialAssetSig`, `specialArchiveSig`).
 */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
