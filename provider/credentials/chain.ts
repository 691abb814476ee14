import { accessKey } from "./accessKey.ts";
import {
  type Configured,
  type CredentialSource,
  type CredentialSourceKind,
  credentialsNotFound,
  type Reading,
  type SettingSource,
} from "./credentialSource.ts";
import { iamUser } from "./iamUser.ts";
import { metadataService, notForLoopback } from "./metadata.ts";
import { profile } from "./profile.ts";
import { token } from "./token.ts";

/** The kinds of credential sources, the one that goes first first: the order is that of the vendor's providers. */
const kinds: readonly CredentialSourceKind[] = [token, accessKey, iamUser, profile];

/** The source of credentials that is configured, and what was learned on the way to it. */
export interface FoundCredentials<Settings extends SettingSource> {
  /** Undefined when what is configured cannot be used. */
  readonly source?: CredentialSource;
  /** All settings, those that go first first: a profile stands right after the settings that name it. */
  readonly sources: readonly Settings[];
  /** Why all settings were passed over, where the metadata service is asked for want of anything else. */
  readonly passed?: readonly string[];
}

/**
 * Finds the source of credentials. The first settings that are set up for one win, and the metadata service of the
 * server that this runs on comes last. Settings that are incomplete stop the search, so that a typing error never falls
 * through to somebody else's permissions.
 * @param metadata origin of the metadata service; undefined when it is not to be asked.
 * @param problems takes what is missing or wrong; no value of a secret is in it.
 */
export function findCredentials<Settings extends SettingSource>(
  sources: readonly Settings[],
  metadata: string | undefined,
  problems: string[],
): FoundCredentials<Settings> {
  for (const from of sources) {
    const kind = kindIn(from);
    if (kind === undefined) continue;
    const reading: Reading = { from, sources, metadata, problems };
    const { source, settings }: Configured = kind.configure(reading);
    const all = sources.flatMap((one) => (one === from && settings ? [one, settings as Settings] : [one]));
    return { source, sources: all };
  }
  const passed = [`neither the ${sources.map(({ title }) => title).join(" nor the ")} has any`];
  if (metadata === undefined) {
    problems.push(credentialsNotFound([...passed, notForLoopback], sources[0]));
    return { sources };
  }
  return { source: metadataService(metadata, passed, sources[0]), sources, passed };
}

/** Whether these settings say who authenticates, be it completely or not. */
export function isSetUp(from: SettingSource): boolean {
  return kindIn(from) !== undefined;
}

function kindIn(from: SettingSource): CredentialSourceKind | undefined {
  return kinds.find(({ markers }) => markers.some((marker) => from.get(marker) !== undefined));
}
