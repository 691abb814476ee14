import { BlockList, isIP, isIPv4 } from "node:net";

/**
 * Tells whether a host (of a URL) is an address in one of the subnets of a list such as `10.0.0.0/8, fd00::/8`. Entries
 * of any other kind are passed over: they are names of hosts. As in curl and Go, no name is looked up for it.
 */
export function subnetMatcher(list: string): (host: string) => boolean {
  const subnets = new BlockList();
  for (const entry of list.split(/[\s,]+/)) {
    const [, address = "", length = ""] = /^\[?([\d.a-f:]+)\]?\/(\d{1,3})$/i.exec(entry) ?? [];
    const bits = isIPv4(address) ? 32 : 128;
    if (isIP(address) !== 0 && Number(length) <= bits)
      subnets.addSubnet(address, Number(length), bits === 32 ? "ipv4" : "ipv6");
  }
  return (host) => {
    const address = host.replace(/^\[(.*)\]$/, "$1");
    return isIP(address) !== 0 && subnets.check(address, isIPv4(address) ? "ipv4" : "ipv6");
  };
}
