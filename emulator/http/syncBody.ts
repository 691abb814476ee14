import { z } from "zod";

/*
 * The body of a sync request by the API's page (Tables 3 to 8), with the fields that only the vendor's newer SDKs know.
 * Unknown fields, a node named twice and an empty list of nodes are refused, which the service may not do: what a
 * client sends by mistake must not go unnoticed.
 */

const maxScriptCharacters = 10_240;
const saltedPassword = /^\$6\$[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{86}$/;

function decodeBase64(text: string): string | undefined {
  const decoded = Buffer.from(text, "base64");
  return decoded.toString("base64") === text ? decoded.toString("latin1") : undefined;
}

/** Whether a text is a password in the form that CCE takes: Base64 of a SHA-512 crypt string. */
function isSaltedPassword(text: string): boolean {
  return saltedPassword.test(decodeBase64(text) ?? "");
}

const script = z.string().refine((text) => decodeBase64(text) !== undefined, "must be Base64");

const lifeCycle = z
  .strictObject({
    preInstall: script.optional(),
    postInstall: script.optional(),
    waitPostInstallFinish: z.boolean().optional(),
  })
  .refine(
    ({ preInstall = "", postInstall = "" }) => preInstall.length + postInstall.length <= maxScriptCharacters,
    `preInstall and postInstall together must have at most ${maxScriptCharacters} characters`,
  );

const userPassword = z.strictObject({
  username: z.string().min(1).optional(),
  password: z.string().refine(isSaltedPassword, "must be salted"),
});

const login = z
  .strictObject({ sshKey: z.string().min(1).optional(), userPassword: userPassword.optional() })
  .refine(
    ({ sshKey, userPassword }) => (sshKey === undefined) !== (userPassword === undefined),
    "must have either sshKey or userPassword",
  );

const nodeTemplate = z.strictObject({
  lifeCycle,
  login,
  volumeConfig: z
    .strictObject({
      volumeResetPolicy: z.enum(["reset_managed_volumes", "retain_custom_volumes"]).optional(),
    })
    .optional(),
});

const nodeIds = z
  .array(z.string().min(1))
  .min(1)
  .refine((ids) => new Set(ids).size === ids.length, "must name each node once");

const spec = z.strictObject({
  maxUnavailable: z.int().min(1).max(20),
  nodePoolID: z.string().min(1),
  nodeIDs: nodeIds.optional(),
  nodeTemplate: nodeTemplate.optional(),
  force: z.boolean().optional(),
  retryTimes: z.int().min(0).optional(),
  skippedNodes: z.array(z.string().min(1)).optional(),
  validateStorage: z.boolean().optional(),
});

const body = z.strictObject({
  kind: z.literal("NodePool").optional(),
  apiVersion: z.literal("v3").optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  spec,
});

/** What a valid request asks for. */
export type SyncSpec = z.output<typeof spec>;

/** Reads the body of a request. What is wrong with it is described without quoting any of it. */
export function parseSyncBody(text: string): { readonly spec: SyncSpec } | { readonly problems: string } {
  const parsed = body.safeParse(parseJson(text));
  if (parsed.success) return { spec: parsed.data.spec };
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`);
  return { problems: problems.join("; ") };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
