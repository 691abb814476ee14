import assert from "node:assert/strict";
import fc from "fast-check";
import { subnetMatcher } from "../../../provider/util/subnets.ts";

describe("a list of subnets", () => {
  const list =
    "proxy.example.com, 10.0.0.0/8,192.168.1.0/24 100.64.0.0/10,[fd00::]/8,10.1.2.3,300.0.0.0/8,1.2.3.4/33,::/200";
  for (const [host, isIn] of [
    ["10.255.0.1", true],
    ["11.0.0.1", false],
    ["192.168.1.255", true],
    ["192.168.2.0", false],
    ["100.127.255.255", true],
    ["100.128.0.0", false],
    ["[fd12:3456::1]", true],
    ["[fe80::1]", false],
    ["1.2.3.4", false],
    ["10.example.com", false],
    ["proxy.example.com", false],
  ] as const)
    it(`${isIn ? "holds" : "does not hold"} ${host}`, () => assert.equal(subnetMatcher(list)(host), isIn));

  it("holds what the bits say, whatever the address and the length of the prefix", () => {
    const octet = fc.nat(255);
    const address = fc.tuple(octet, octet, octet, octet);
    const bits = (parts: readonly number[]) =>
      parts.map((part) => part.toString(2).padStart(8, "0")).join("");
    fc.assert(
      fc.property(address, address, fc.nat(32), (subnet, host, length) => {
        const isSame = bits(subnet).slice(0, length) === bits(host).slice(0, length);
        assert.equal(subnetMatcher(`${subnet.join(".")}/${length}`)(host.join(".")), isSame);
      }),
    );
  });

  it("is read without an error, whatever it holds", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:.,/[\] ]{0,40}$/)),
        fc.string(),
        (text, host) => {
          subnetMatcher(text)(host);
        },
      ),
    );
  });
});
