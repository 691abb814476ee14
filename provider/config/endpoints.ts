import { cloudOf, endpointFault, isLinkLocal, isLoopback, isRegion, withScheme } from "../util/address.ts";
import { parseJson } from "../util/json.ts";
import { namespaces } from "./definitions.ts";
import { type ConfigSource, described, firstWith, look, type Overrides } from "./sources.ts";
import { partFaults } from "./spelling.ts";

/** The services whose address can be set. */
const services = ["cce", "iam", "sts", "metadata"] as const;
type Service = (typeof services)[number];

/** The vendor's other services whose names in its providers are much like one of ours. */
const foreignServices = ["cae", "cc", "cci", "ccm", "cse", "cts", "lts", "ram", "rts", "sfs", "sms"];

/** An address, and the setting that it comes from, in words. */
interface Address {
  /** Undefined where what is set is no address, which is a problem that is reported already. */
  readonly origin?: string;
  readonly setting: string;
}

/** The addresses that are set by service, in place of those made from the region. */
export type Endpoints = Readonly<Partial<Record<Service, Address>>>;

/** Where the services are, each as an origin; undefined where nothing says it. */
export interface Addresses {
  readonly cce?: string;
  /** The identity service. */
  readonly iam?: string;
  /** The service that lets a role be assumed. */
  readonly sts?: string;
  /** Whether an address or region is set that is none: what cannot be made for want of it is no problem of its own. */
  readonly isBroken: boolean;
  /** Whether the host of CCE is configured, on this machine, or one of the cloud: a token may be sent there. */
  readonly isTrusted: boolean;
  /** Which setting each address comes from, in words, by origin. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Where every ECS server finds its metadata service. */
const standardMetadata = "http://169.254.169.254";

/**
 * The addresses that are set by service: a JSON object such as `{"cce": "https://…"}`, as the vendor's providers
 * spell them, and for IAM their older `authUrl` too. Only under the vendor's own key may other services than ours be in it.
 */
export function readEndpoints(sources: readonly ConfigSource[], problems: string[]): Endpoints {
  const given: Partial<Record<Service, { url: string; setting: string }>> = {};
  const authUrl = firstWith("authUrl", sources);
  if (authUrl !== undefined) {
    const url = (authUrl.get("authUrl") ?? "").replace(/\/v3\/?$/, "");
    given.iam = { url, setting: described("authUrl", authUrl) };
  }
  const source = firstWith("endpoints", sources);
  if (source !== undefined) {
    const text = source.get("endpoints") ?? "";
    const setting = described("endpoints", source);
    const isShared = source.nameOf("endpoints").startsWith(namespaces.settings);
    const foreign = isShared ? foreignServices : undefined;
    const faults = partFaults(text, { known: services, types: ["string"], foreign });
    for (const fault of faults) {
      const example = fault.startsWith("must be") ? ' of addresses such as {"cce": "https://…"}' : "";
      problems.push(`endpoints: ${source.title} ${source.nameOf("endpoints")} ${fault}${example}`);
    }
    // Whatever it was to set is not known: nothing that follows from that is worth a sentence.
    if (faults.length > 0) return Object.fromEntries(services.map((service) => [service, { setting }]));
    const parsed = parseJson(text) as Partial<Record<string, unknown>>;
    for (const service of services) {
      const url = String(parsed[service] ?? "").trim();
      if (url !== "") given[service] = { url, setting };
    }
  }
  const read = services.flatMap((service) => {
    const { url, setting } = given[service] ?? {};
    if (url === undefined || setting === undefined) return [];
    const isNear = service === "metadata" ? isLinkLocal : undefined;
    return [[service, readAddress(service, withScheme(url, "https"), setting, problems, isNear)]];
  });
  return Object.fromEntries(read);
}

function readAddress(
  service: Service,
  url: string,
  setting: string,
  problems: string[],
  isNear?: (host: string) => boolean,
): Address {
  const fault = endpointFault(url, isNear);
  if (fault === undefined) return { origin: new URL(url).origin, setting };
  problems.push(`endpoint of ${service}: ${fault}; this address comes from ${setting}`);
  return { setting };
}

/** The addresses of the services, made from region and cloud where none is set. */
export function findAddresses(
  { region: input, endpoint, endpointSetting = "the input endpoint" }: Overrides,
  endpoints: Endpoints,
  sources: readonly ConfigSource[],
  problems: string[],
): Addresses {
  const region = findRegion(input, sources, problems);
  const own = endpoint ? readAddress("cce", endpoint.trim(), endpointSetting, problems) : undefined;
  const cce = own ?? endpoints.cce ?? region.made("cce");
  const iam = endpoints.iam ?? region.made("iam");
  const sts = endpoints.sts ?? region.made("sts");
  if (cce === undefined && region.isMissing) {
    problems.push(`region: not found; looked at: ${region.lookedAt} (an endpoint for cce would do as well)`);
  }
  const known = [sts, iam, cce].flatMap((address) => address ?? []);
  const isConfigured = [endpoints.cce, region.made("cce")].some((address) => address?.origin === cce?.origin);
  return {
    cce: cce?.origin,
    iam: iam?.origin,
    sts: sts?.origin,
    isBroken: region.isWrong || known.some(({ origin }) => origin === undefined),
    isTrusted: isConfigured || cce?.origin === undefined || isHostOfCloud(cce.origin, region.cloud),
    settings: Object.fromEntries(known.flatMap(({ origin, setting }) => (origin ? [[origin, setting]] : []))),
  };
}

/** The region, and the address that a service has in it. */
function findRegion(input: string | undefined, sources: readonly ConfigSource[], problems: string[]) {
  const region = look("region", sources, { value: input });
  const regionSource = firstWith("region", sources);
  const from = input || regionSource === undefined ? "the input region" : described("region", regionSource);
  const isWrongRegion = region.value !== undefined && !isRegion(region.value);
  if (isWrongRegion) problems.push(`region: must be a region such as eu-west-101; it comes from ${from}`);
  const cloudSource = firstWith("cloud", sources);
  const cloud = cloudSource?.get("cloud");
  const isWrongCloud = cloudSource !== undefined && cloud !== undefined && !isDomain(cloud);
  if (isWrongCloud) {
    const where = described("cloud", cloudSource);
    problems.push(`cloud: must be a domain such as myhuaweicloud.eu; it comes from ${where}`);
  }
  const isWrong = isWrongRegion || isWrongCloud;
  const made = (service: Service): Address | undefined => {
    if (region.value === undefined || isWrong) return undefined;
    const origin = `https://${service}.${region.value}.${cloud ?? cloudOf(region.value)}`;
    return { origin, setting: `${from}, ${region.value}` };
  };
  return { made, isWrong, cloud, lookedAt: region.lookedAt, isMissing: region.value === undefined };
}

/** Whether it is this machine, or CCE in any region of the cloud. */
function isHostOfCloud(origin: string, cloud: string | undefined): boolean {
  const { protocol, port, hostname } = new URL(origin);
  if (isLoopback(hostname)) return true;
  const [, region, domain] = /^cce\.([a-z0-9]+(?:-[a-z0-9]+)+)\.(.+)$/.exec(hostname) ?? [];
  if (protocol !== "https:" || port !== "" || region === undefined) return false;
  return domain === (cloud ?? cloudOf(region));
}

/** Where the metadata service is asked; undefined when it is not: an emulator has no use for a server's own keys. */
export function metadataAddress({ endpoint }: Overrides, { cce, metadata }: Endpoints): string | undefined {
  if (metadata?.origin !== undefined) return metadata.origin;
  const service = endpoint ?? cce?.origin;
  const local = service !== undefined && URL.canParse(service) && isLoopback(new URL(service).hostname);
  return local ? undefined : standardMetadata;
}

function isDomain(text: string): boolean {
  return (
    text.length <= 253 && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i.test(text)
  );
}
