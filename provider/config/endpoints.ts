import { cloudOf, endpointFault, isLinkLocal, isLoopback, isRegion, withScheme } from "../util/address.ts";
import { parseJson } from "../util/json.ts";
import type { Setting } from "./definitions.ts";
import { type ConfigSource, firstWith, look, type Overrides } from "./sources.ts";

/** Where the services are, each as an origin; undefined where nothing says it. */
export interface Addresses {
  readonly cce?: string;
  /** The identity service. */
  readonly iam?: string;
  /** The service that lets a role be assumed. */
  readonly sts?: string;
  /** Whether a region is named that cannot be one, so that nothing could be made from it. */
  readonly misnamed: boolean;
  /** Which setting each address comes from, in words, by origin. */
  readonly settings: Readonly<Record<string, string>>;
}

/** The services whose address can be set. */
const services = ["cce", "iam", "sts", "metadata"] as const;
type Service = (typeof services)[number];

/** Addresses that replace the ones made from the region, as origins, each with the setting that it comes from. */
export type Endpoints = Readonly<
  Partial<Record<Service, { readonly origin: string; readonly setting: string }>>
>;

/** Where every ECS server finds its metadata service. */
const standardMetadata = "http://169.254.169.254";

/**
 * The addresses that are set by service: a JSON object such as `{"cce": "https://…"}`, as the vendor's providers
 * spell them, and for IAM their older `authUrl` too. Other services than ours may be in it.
 */
export function readEndpoints(places: readonly ConfigSource[], problems: string[]): Endpoints {
  const place = firstWith("endpoints", places);
  const parsed = place === undefined ? {} : parseJson(place.get("endpoints") ?? "");
  const isMap = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
  const texts = isMap ? Object.entries(parsed).filter(([, url]) => typeof url === "string") : [];
  if (place !== undefined && (!isMap || texts.length < Object.keys(parsed).length)) {
    problems.push(
      `endpoints: ${place.title} ${place.nameOf("endpoints")} must be a JSON object of addresses such as {"cce": "https://…"}`,
    );
    return {};
  }
  const given = new Map<string, { url: string; setting: string }>();
  const authUrl = firstWith("authUrl", places);
  if (authUrl !== undefined) {
    const url = (authUrl.get("authUrl") ?? "").replace(/\/v3\/?$/, "");
    given.set("iam", { url, setting: described("authUrl", authUrl) });
  }
  const setting = place === undefined ? "" : described("endpoints", place);
  for (const [service, url] of texts) if (url !== "") given.set(service, { url, setting });
  const endpoints: { -readonly [S in Service]?: Endpoints[S] } = {};
  for (const service of services) {
    const found = given.get(service);
    if (found === undefined) continue;
    const address = withScheme(found.url, "https");
    const fault = endpointFault(address, service === "metadata" ? isLinkLocal : undefined);
    if (fault === undefined) endpoints[service] = { origin: new URL(address).origin, setting: found.setting };
    else problems.push(`endpoint of ${service}: ${fault}`);
  }
  return endpoints;
}

/** A setting and where it was found, in words. */
function described(setting: Setting, place: ConfigSource): string {
  return `${setting} (${place.title} ${place.nameOf(setting)})`;
}

/** The addresses of the services, made from region and cloud where none is set. */
export function findAddresses(
  overrides: Overrides,
  endpoints: Endpoints,
  places: readonly ConfigSource[],
  problems: string[],
): Addresses {
  const { made, ...region } = findRegion(overrides, places, problems);
  const fault = overrides.endpoint === undefined ? undefined : endpointFault(overrides.endpoint);
  if (fault !== undefined) problems.push(`endpoint of cce: ${fault}`);
  const { endpointSetting = "the input endpoint" } = overrides;
  const input =
    overrides.endpoint && fault === undefined
      ? { origin: new URL(overrides.endpoint).origin, setting: endpointSetting }
      : undefined;
  const cce = input ?? endpoints.cce ?? made("cce");
  const iam = endpoints.iam ?? made("iam");
  const sts = endpoints.sts ?? made("sts");
  if (cce === undefined && region.isMissing && fault === undefined) {
    problems.push(`region: not found; looked at: ${region.lookedAt} (an endpoint for cce would do as well)`);
  }
  const known = [sts, iam, cce].flatMap((address) => address ?? []);
  const settings = Object.fromEntries(known.map(({ origin, setting }) => [origin, setting]));
  const { misnamed } = region;
  return { cce: cce?.origin, iam: iam?.origin, sts: sts?.origin, misnamed, settings };
}

/** The region, and the address that a service has in it. */
function findRegion(overrides: Overrides, places: readonly ConfigSource[], problems: string[]) {
  const region = look("region", places, { value: overrides.region });
  const misnamed = region.value !== undefined && !isRegion(region.value);
  if (misnamed) problems.push(`region: must be a region such as eu-west-101 (looked at: ${region.lookedAt})`);
  const cloud = look("cloud", places);
  const wrongCloud = cloud.value !== undefined && !isDomain(cloud.value);
  if (wrongCloud)
    problems.push(`cloud: must be a domain such as myhuaweicloud.eu (looked at: ${cloud.lookedAt})`);
  const place = firstWith("region", places);
  const from =
    overrides.region || place === undefined
      ? `the input region, ${region.value}`
      : `${described("region", place)}, ${region.value}`;
  const made = (service: Service) => {
    if (region.value === undefined || misnamed || wrongCloud) return undefined;
    const origin = `https://${service}.${region.value}.${cloud.value ?? cloudOf(region.value)}`;
    return { origin, setting: from };
  };
  return { made, misnamed, lookedAt: region.lookedAt, isMissing: region.value === undefined };
}

/** Where the metadata service is asked; undefined when it is not: an emulator has no use for a server's own keys. */
export function metadataAddress(
  { endpoint }: Overrides,
  { cce, metadata }: Endpoints,
): { readonly origin: string } | undefined {
  if (metadata !== undefined) return { origin: metadata.origin };
  const service = endpoint ?? cce?.origin;
  const local = service !== undefined && URL.canParse(service) && isLoopback(new URL(service).hostname);
  return local ? undefined : { origin: standardMetadata };
}

function isDomain(text: string): boolean {
  return (
    text.length <= 253 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i.test(text)
  );
}
