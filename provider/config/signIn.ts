import {
  credentialsNotFound,
  type IamUser,
  type Naming,
  type Role,
  type SignIn,
} from "../credentials/credential.ts";
import type { Setting } from "./definitions.ts";
import { type Profile, readProfile } from "./profile.ts";
import { type ConfigSource, firstWith, look } from "./sources.ts";

/** How to sign in, and the places to look at for everything else. */
export interface FoundSignIn {
  /** Undefined when what is configured cannot be used. */
  readonly signIn?: SignIn;
  /** The places, the one that goes first first; a profile stands right after the place that names it. */
  readonly places: readonly ConfigSource[];
}

const notForLoopback = "the metadata service is not used with a local endpoint";

/** The settings that make a place one that is set up for a way to sign in; the way that goes first is first. */
const markers = {
  token: ["token"],
  accessKey: ["accessKey", "secretKey", "securityToken"],
  user: ["userName", "userId", "password"],
  profile: ["sharedConfigFile", "profile"],
} as const satisfies Record<string, readonly Setting[]>;
type Way = keyof typeof markers;
const ways = Object.keys(markers) as Way[];

/**
 * Finds how to sign in. The first place that is set up for one wins: the stack's Pulumi configuration, then the
 * environment, then the metadata service of the server that this runs on. In one place a token goes before an access
 * key, that before a user's name and password, and that before a profile of the shared configuration file, as in the
 * vendor's providers. A place that is set up but broken stops the search, so that a typing error never falls through
 * to somebody else's rights.
 * @param metadata origin of the metadata service; undefined when it is not to be asked.
 * @param problems takes what is missing or broken; no value of a secret is in it.
 */
export function findSignIn(
  places: readonly ConfigSource[],
  metadata: { readonly origin: string } | undefined,
  problems: string[],
): FoundSignIn {
  const chosen = places.find((place) => wayOf(place) !== undefined);
  if (chosen === undefined) {
    const passed = places.map((place) => `${place.title}: none of ${markerNames(place)} is set`);
    if (metadata === undefined) {
      problems.push(credentialsNotFound([...passed, notForLoopback]));
      return { places };
    }
    const signIn = { way: "metadata", origin: metadata.origin, because: passed } as const;
    return { places, signIn: withRole(signIn, places, problems) };
  }
  const others = places.filter((place) => place !== chosen);
  const way = wayOf(chosen);
  if (way === "profile") return signInByProfile(chosen, places, metadata, problems);
  const signIn = way === "user" ? userIn(chosen, [chosen, ...others], problems) : keyIn(chosen, problems);
  return { places, signIn: signIn && withRole(signIn, places, problems) };
}

function wayOf(place: ConfigSource): Way | undefined {
  return ways.find((way) => markers[way].some((setting) => place.get(setting) !== undefined));
}

function markerNames(place: ConfigSource): string {
  return Object.values(markers)
    .flat()
    .flatMap((setting) => place.namesOf(setting))
    .join(", ");
}

function signInByProfile(
  namer: ConfigSource,
  places: readonly ConfigSource[],
  metadata: { readonly origin: string } | undefined,
  problems: string[],
): FoundSignIn {
  let profile: Profile;
  try {
    profile = readProfile(namer);
  } catch (error) {
    problems.push(`credentials: ${(error as Error).message}`);
    return { places };
  }
  const all = places.flatMap((place) => (place === namer ? [place, profile.place] : [place]));
  if (profile.mode === "keys") {
    const signIn = keyIn(profile.place, problems);
    return { places: all, signIn: signIn && withRole(signIn, all, problems) };
  }
  const why = `${profile.place.title} has the mode ecsAgency`;
  if (metadata === undefined) {
    problems.push(`credentials: ${why}, but ${notForLoopback}`);
    return { places: all };
  }
  const signIn = { way: "metadata", origin: metadata.origin, because: [why] } as const;
  return { places: all, signIn: withRole(signIn, all, problems) };
}

/** The token or access key of a place. */
function keyIn(place: ConfigSource, problems: string[]): SignIn | undefined {
  const settings = ["token", "accessKey", "secretKey", "securityToken"] as const;
  // In a header, a line break would begin a header of its own; in a secret key, it would spoil every signature.
  const spoiled = settings.find((setting) => !/^[\x21-\x7e]*$/.test(place.get(setting) ?? ""));
  if (spoiled !== undefined) {
    problems.push(
      `credentials: ${place.nameOf(spoiled)} must contain only printable ASCII characters and no spaces`,
    );
    return undefined;
  }
  const [token, accessKey, secretKey, securityToken] = settings.map((setting) => place.get(setting));
  if (token !== undefined) return { way: "given", credential: { kind: "token", token } };
  if (accessKey === undefined || secretKey === undefined) {
    const given = settings.filter((setting) => place.get(setting) !== undefined);
    const missing = (["accessKey", "secretKey"] as const).filter((part) => place.get(part) === undefined);
    const nothing = `${place.title} has no ${place.nameOf("accessKey")} and ${place.nameOf("secretKey")}`;
    problems.push(`credentials: ${given.length === 0 ? nothing : isSetWithout(place, given, missing)}`);
    return undefined;
  }
  const key = securityToken ? { accessKey, secretKey, securityToken } : { accessKey, secretKey };
  return { way: "given", credential: { kind: "accessKey", key } };
}

/** The user of a place; the account that it belongs to may be named elsewhere. */
function userIn(
  place: ConfigSource,
  places: readonly ConfigSource[],
  problems: string[],
): SignIn | undefined {
  const id = place.get("userId");
  const name = place.get("userName");
  const password = place.get("password");
  const domain = domainIn(look("domainId", places).value, look("domainName", places).value);
  if (password === undefined || (id === undefined && name === undefined)) {
    const given = markers.user.filter((setting) => place.get(setting) !== undefined);
    problems.push(
      `credentials: ${isSetWithout(place, given, [password === undefined ? "password" : "userName"])}`,
    );
    return undefined;
  }
  if (id !== undefined) return { way: "password", user: { id, password, domain } satisfies IamUser };
  if (name === undefined || domain === undefined) {
    problems.push(
      `credentials: ${isSetWithout(place, ["userName"], ["domainName"])} (the account that the user belongs to, or its id in ${place.nameOf("domainId")})`,
    );
    return undefined;
  }
  return { way: "password", user: { name, password, domain } satisfies IamUser };
}

function domainIn(id: string | undefined, name: string | undefined): Naming | undefined {
  if (id !== undefined) return { id };
  return name === undefined ? undefined : { name };
}

function isSetWithout(place: ConfigSource, given: readonly Setting[], missing: readonly Setting[]): string {
  const names = (settings: readonly Setting[]) =>
    settings.map((setting) => place.nameOf(setting)).join(" and ");
  return `${names(given)} is set without ${names(missing)}; set both, or neither`;
}

const durations = { shortest: 900, longest: 86_400, standard: 43_200 } as const;

/** The names of a role's parts: those of today, and those of an older form that the vendor's providers still take. */
const roleSettings = [
  { agency: "assumeRole.agencyName", name: "assumeRole.domainName", id: "assumeRole.domainId" },
  { agency: "agencyName", name: "agencyDomainName" },
] as const;

/** The way to sign in, and on top of it the role that the first place that names one says to assume. */
function withRole(by: SignIn, places: readonly ConfigSource[], problems: string[]): SignIn | undefined {
  for (const settings of roleSettings) {
    const place = firstWith(settings.agency, places);
    if (place === undefined) continue;
    const agencyName = place.get(settings.agency) ?? "";
    const domain = domainIn("id" in settings ? place.get(settings.id) : undefined, place.get(settings.name));
    const duration = Number(place.get("assumeRole.duration") ?? durations.standard);
    if (domain === undefined) {
      problems.push(
        `assumeRole: ${place.nameOf(settings.agency)} is set without ${place.nameOf(settings.name)}, the account that made the agency`,
      );
      return undefined;
    }
    if (!Number.isInteger(duration) || duration < durations.shortest || duration > durations.longest) {
      problems.push(
        `assumeRole: ${place.nameOf("assumeRole.duration")} must be a whole number of seconds from ${durations.shortest} to ${durations.longest}`,
      );
      return undefined;
    }
    return { way: "role", role: { agencyName, domain, duration } satisfies Role, by };
  }
  return by;
}
