import { inputsSchema } from "../nodePoolSync/schema.ts";
import { cloudOf, endpointFault, isLinkLocal, isLoopback, withScheme } from "../util/address.ts";
import { parseJson } from "../util/json.ts";
import { firstWith, look, type Overrides, type Place } from "./sources.ts";

/** Where the services are, each as an origin; undefined where nothing says it. */
export interface Addresses {
  readonly cce?: string;
  /** The identity service. */
  readonly iam?: string;
  /** The service that lets a role be assumed. */
  readonly sts?: string;
  /** Whether a region is named that cannot be one, so that nothing could be made from it. */
  readonly misnamed: boolean;
}

/** The services whose address can be set. */
const services = ["cce", "iam", "sts", "metadata"] as const;
type Service = (typeof services)[number];

/** Addresses that replace the ones made from the region. */
export type Endpoints = Readonly<Partial<Record<Service, string>>>;

/** Where every ECS server finds its metadata service. */
const standardMetadata = "http://169.254.169.254";

/**
 * The addresses that are set by service: a JSON object such as `{"cce": "https://…"}`, as the vendor's providers
 * spell them, and for IAM their older `authUrl` too. Other services than ours may be in it.
 */
export function readEndpoints(places: readonly Place[], problems: string[]): Endpoints {
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
  const authUrl = look("authUrl", places).value?.replace(/\/v3\/?$/, "");
  const given: Record<string, string> = { ...(authUrl === undefined ? {} : { iam: authUrl }) };
  for (const [service, url] of texts) if (url !== "") given[service] = url;
  const endpoints: Partial<Record<Service, string>> = {};
  for (const service of services) {
    const url = given[service];
    if (url === undefined) continue;
    const address = withScheme(url, "https");
    const fault = endpointFault(address, service === "metadata" ? isLinkLocal : undefined);
    if (fault === undefined) endpoints[service] = new URL(address).origin;
    else problems.push(`endpoint of ${service}: ${fault}`);
  }
  return endpoints;
}

/** The addresses of the services, made from region and cloud where none is set. */
export function findAddresses(
  overrides: Overrides,
  endpoints: Endpoints,
  places: readonly Place[],
  problems: string[],
): Addresses {
  const region = look("region", places, { value: overrides.region });
  const misnamed = region.value !== undefined && !inputsSchema.shape.region.safeParse(region.value).success;
  if (misnamed) problems.push(`region: must be a region such as eu-west-101 (looked at: ${region.lookedAt})`);
  const cloud = look("cloud", places);
  const wrongCloud = cloud.value !== undefined && !isDomain(cloud.value);
  if (wrongCloud)
    problems.push(`cloud: must be a domain such as myhuaweicloud.eu (looked at: ${cloud.lookedAt})`);
  const made = (service: Service) => {
    if (region.value === undefined || misnamed || wrongCloud) return undefined;
    return `https://${service}.${region.value}.${cloud.value ?? cloudOf(region.value)}`;
  };
  const fault = overrides.endpoint === undefined ? undefined : endpointFault(overrides.endpoint);
  if (fault !== undefined) problems.push(`endpoint of cce: ${fault}`);
  const input = overrides.endpoint && fault === undefined ? new URL(overrides.endpoint).origin : undefined;
  const cce = input ?? endpoints.cce ?? made("cce");
  if (cce === undefined && region.value === undefined && fault === undefined) {
    problems.push(`region: not found; looked at: ${region.lookedAt} (an endpoint for cce would do as well)`);
  }
  return { cce, iam: endpoints.iam ?? made("iam"), sts: endpoints.sts ?? made("sts"), misnamed };
}

/** Where the metadata service is asked; undefined when it is not: an emulator has no use for a server's own keys. */
export function metadataAddress(
  { endpoint }: Overrides,
  { cce, metadata }: Endpoints,
): { readonly origin: string } | undefined {
  if (metadata !== undefined) return { origin: metadata };
  const service = endpoint ?? cce;
  const local = service !== undefined && URL.canParse(service) && isLoopback(new URL(service).hostname);
  return local ? undefined : { origin: standardMetadata };
}

function isDomain(text: string): boolean {
  return (
    text.length <= 253 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i.test(text)
  );
}
