/** Assets and archives as the engine sends them: with their content in some calls, by their hash alone in others. */

const signatureKey = "4dabf18193072939515e22adb298388d";

/** An asset, of a text where one is given. */
export function assetOf(hash: string, text?: string): Record<string, unknown> {
  return { [signatureKey]: "c44067f5952c0a294b673a41bacd8c17", hash, ...(text !== undefined && { text }) };
}

/** An archive, of a folder where one is given. */
export function archiveOf(hash: string, path?: string): Record<string, unknown> {
  return { [signatureKey]: "0def7320c3a5731c473e5ecbe6d01bc7", hash, ...(path !== undefined && { path }) };
}
