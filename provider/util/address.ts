const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether the host (of a URL) is this machine itself. */
export function isLoopback(host: string): boolean {
  return loopback.test(host);
}

/** Whether the host (of a URL) is an address that no router lets out of the local network (RFC 3927). */
export function isLinkLocal(host: string): boolean {
  return /^169\.254(\.\d{1,3}){2}$/.test(host);
}

/** The address with a scheme: its own, or else this one. */
export function withScheme(address: string, scheme: "http" | "https"): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `${scheme}://${address}`;
}

/**
 * What keeps the text from being a service's address, in words that begin with "must"; undefined when it is fine.
 * @param isNear hosts beside loopback that plain http is taken for; default none.
 */
export function endpointFault(text: string, isNear = (_host: string) => false): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return "must be a URL such as https://cce.eu-west-101.myhuaweicloud.eu";
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname) && !isNear(url.hostname)) {
    return "must begin with https:// (plain http is accepted for loopback addresses only)";
  }
  if (
    url.username !== "" ||
    url.password !== "" ||
    url.search !== "" ||
    url.hash !== "" ||
    url.pathname !== "/"
  ) {
    return "must be an address without user name, path, query or fragment";
  }
  return undefined;
}

/** What keeps the text from being an id that becomes a part of a path, in words that begin with "must". */
export function pathPartFault(text: string): string | undefined {
  if (!/^[^\s\p{Cc}\p{Cs}]+$/u.test(text))
    return "must be a non-empty ID without white space or control characters";
  return text === "." || text === ".." ? 'must not be "." or ".."' : undefined;
}

/** Whether the text can be the name of a region, which becomes a part of a host's name. */
export function isRegion(text: string): boolean {
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text);
}

/** The domain of a region's cloud, where none is configured (the vendor's Terraform provider, getCloudDomain). */
export function cloudOf(region: string): string {
  return region.startsWith("eu-west-1") ? "myhuaweicloud.eu" : "myhuaweicloud.com";
}
