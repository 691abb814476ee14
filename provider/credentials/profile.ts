import { accessKey } from "./accessKey.ts";
import type { CredentialSourceKind } from "./credentialSource.ts";
import { metadataService, notForLoopback } from "./metadata.ts";
import { type Profile, readProfile } from "./sharedConfigFile.ts";

/** A profile of the shared configuration file: the keys in it, or those of the server it is used on. */
export const profile: CredentialSourceKind<"sharedConfigFile" | "profile"> = {
  markers: ["sharedConfigFile", "profile"],
  configure({ from, sources, metadata, problems }) {
    let found: Profile;
    try {
      found = readProfile(from);
    } catch (error) {
      problems.push(`credentials: ${(error as Error).message}`);
      return {};
    }
    const { settings } = found;
    if (found.holds === "keys")
      return { ...accessKey.configure({ from: settings, sources: [settings], problems }), settings };
    const why = `${settings.title} has the mode ecsAgency`;
    if (metadata !== undefined) return { source: metadataService(metadata, [why], sources[0]), settings };
    problems.push(`credentials: ${why}, but ${notForLoopback}`);
    return { settings };
  },
};
