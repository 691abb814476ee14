import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { parseJson } from "../util/json.ts";
import type { Setting } from "./definitions.ts";
import { type ConfigSource, createConfigSource } from "./sources.ts";

/** How a profile signs in: by the keys in it, as an agency, or by the metadata service of the server it is used on. */
export type ProfileMode = "keys" | "metadata";

/** A profile of the shared configuration file. */
export interface Profile {
  readonly mode: ProfileMode;
  /** What it holds, under the names of the file's fields. */
  readonly place: ConfigSource;
}

const text = z.string().nullish();
const keys = { accessKeyId: text, secretAccessKey: text, securityToken: text };
const profileSchema = z.object({
  name: z.string(),
  mode: text,
  ...keys,
  region: text,
  projectId: text,
  domainId: text,
  agencyDomainId: text,
  agencyDomainName: text,
  agencyName: text,
  ssoAuth: z.object({ stsToken: z.object(keys).nullish() }).nullish(),
});
const fileSchema = z.object({
  current: text,
  // The vendor's command line writes a text; a person who edits the file may well write the value.
  authEncrypt: z.union([z.string(), z.boolean()]).nullish(),
  profiles: z.array(profileSchema),
});
type FileProfile = z.output<typeof profileSchema>;

const standardFile = "~/.hcloud/config.json";

const fields: Partial<Record<Setting, keyof FileProfile>> = {
  accessKey: "accessKeyId",
  secretKey: "secretAccessKey",
  securityToken: "securityToken",
  region: "region",
  projectId: "projectId",
  domainId: "domainId",
  "assumeRole.agencyName": "agencyName",
  "assumeRole.domainName": "agencyDomainName",
  "assumeRole.domainId": "agencyDomainId",
};

/**
 * Reads the profile that a place names, from the file that the vendor's command line writes (KooCLI,
 * `~/.hcloud/config.json`); without a name, the file's current profile.
 * @throws Error that says what keeps it from being used, in words for a user and without a secret.
 */
export function readProfile(place: ConfigSource): Profile {
  const named = place.get("sharedConfigFile") ?? standardFile;
  const path = named.startsWith("~/") ? join(homedir(), named.slice(2)) : named;
  const askedBy = place.get("sharedConfigFile") === undefined ? "profile" : "sharedConfigFile";
  const file = readFile(path, place.nameOf(askedBy));
  const wanted = place.get("profile") ?? file.current ?? "";
  const profile = file.profiles.find(({ name }) => name === wanted);
  if (profile === undefined) {
    const known = file.profiles.map(({ name }) => name).join(", ") || "none";
    const which = wanted === "" ? "names no current profile" : `has no profile ${wanted}`;
    throw new Error(`${path} ${which}; set ${place.nameOf("profile")} to one of: ${known}`);
  }
  return openProfile(profile, path, String(file.authEncrypt).toLowerCase() === "true");
}

function readFile(path: string, askedBy: string): z.output<typeof fileSchema> {
  let content: string;
  // Read anew for each resource: temporary keys may be renewed in it during a long run, and it takes next to no time.
  try {
    content = readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
    throw new Error(`${path}, the shared configuration file that ${askedBy} asks for, ${why}`);
  }
  const parsed = fileSchema.safeParse(parseJson(content.replace(/^\uFEFF/, "")));
  if (parsed.success) return parsed.data;
  throw new Error(`${path} is not a shared configuration file as \`hcloud configure\` writes it`);
}

function openProfile(profile: FileProfile, path: string, encrypted: boolean): Profile {
  const mode = profile.mode?.toLowerCase() ?? "aksk";
  const title = `profile ${profile.name} of ${path}`;
  const held = mode === "sso" ? { ...profile, ...profile.ssoAuth?.stsToken } : profile;
  const place = createConfigSource(
    title,
    (setting) => [fields[setting] ?? []].flat(),
    (field) => held[field as "region"] ?? undefined,
  );
  if (mode === "ecsagency") return { mode: "metadata", place };
  if (!["aksk", "agency", "sso"].includes(mode)) {
    throw new Error(
      `${title} has the mode ${profile.mode}, which is not supported; use a profile with the mode AKSK, agency, SSO or ecsAgency`,
    );
  }
  if (encrypted) {
    throw new Error(
      `${title} is encrypted, and only the vendor's command line can read it; run \`hcloud configure set --cli-auth-encrypt=false\`, or use another way to authenticate`,
    );
  }
  return { mode: "keys", place };
}
