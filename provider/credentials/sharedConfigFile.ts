import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { parseJson } from "../util/json.ts";
import type { SettingSource } from "./credentialSource.ts";

/** A profile of the shared configuration file. */
export interface Profile {
  /** Whether it holds keys, or stands for those of the server that it is used on. */
  readonly holds: "keys" | "nothing";
  /** Its settings, under the names of the file's fields. */
  readonly settings: SettingSource;
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

const fields: Readonly<
  Record<string, "accessKeyId" | "secretAccessKey" | Exclude<keyof FileProfile, "ssoAuth">>
> = {
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
 * Reads a profile from the file that the vendor's command line writes (KooCLI, `~/.hcloud/config.json`); without a name,
 * the file's current profile.
 * @param from the settings that ask for it.
 * @throws Error that says what keeps it from being used, in words for a user and without a secret.
 */
export function readProfile(from: SettingSource<"sharedConfigFile" | "profile">): Profile {
  const named = from.get("sharedConfigFile");
  const file = named ?? standardFile;
  const path = file.startsWith("~/") ? join(homedir(), file.slice(2)) : file;
  const { current, authEncrypt, profiles } = readFile(
    path,
    from.nameOf(named === undefined ? "profile" : "sharedConfigFile"),
  );
  const wanted = from.get("profile") ?? current ?? "";
  const profile = profiles.find(({ name }) => name === wanted);
  if (profile === undefined) {
    const known = profiles.map(({ name }) => name).join(", ") || "none";
    const which = wanted === "" ? "names no current profile" : `has no profile ${wanted}`;
    throw new Error(`${path} ${which}; set ${from.nameOf("profile")} to one of: ${known}`);
  }
  return openProfile(profile, path, String(authEncrypt).toLowerCase() === "true");
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
  const settings: SettingSource = {
    title,
    get: (setting) => held[fields[setting] as "region"] || undefined,
    nameOf: (setting) => fields[setting] ?? setting,
    namesOf: (setting) => [fields[setting] ?? []].flat(),
  };
  if (mode === "ecsagency") return { holds: "nothing", settings };
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
  return { holds: "keys", settings };
}
