import assert from "node:assert/strict";
import { key, place, problemsOf, secrets } from "../../support/inputs/configuration.ts";

describe("the configuration", () => {
  for (const [what, environment, config, problem] of [
    [
      "half a key",
      { HW_ACCESS_KEY: "ak" },
      {},
      "credentials: HW_ACCESS_KEY is set without HW_SECRET_KEY; set both, or neither",
    ],
    [
      "half a key in Pulumi config, and a whole one in the environment",
      key,
      { "huaweicloud:secretKey": secrets.secretKey },
      "credentials: huaweicloud:secretKey is set without huaweicloud:accessKey; set both, or neither",
    ],
    [
      "a security token alone",
      { HW_SECURITY_TOKEN: secrets.securityToken },
      {},
      "credentials: HW_SECURITY_TOKEN is set without HW_ACCESS_KEY and HW_SECRET_KEY; set both, or neither",
    ],
    [
      "a line break in a token",
      { HW_AUTH_TOKEN: `${secrets.token}\r\nX-Evil: 1` },
      {},
      "credentials: HW_AUTH_TOKEN must contain only printable ASCII characters and no spaces",
    ],
    [
      "a line break in a secret key, as a file leaves it",
      { ...key, HW_SECRET_KEY: `${secrets.secretKey}\n` },
      {},
      "credentials: HW_SECRET_KEY must contain only printable ASCII characters and no spaces",
    ],
    [
      "a line break in an access key",
      { ...key, HW_ACCESS_KEY: "ak\r\nX-Evil: 1" },
      {},
      "credentials: HW_ACCESS_KEY must contain only printable ASCII characters and no spaces",
    ],
    [
      "a line break in a security token",
      { ...key, HW_SECURITY_TOKEN: `${secrets.securityToken}\n` },
      {},
      "credentials: HW_SECURITY_TOKEN must contain only printable ASCII characters and no spaces",
    ],
    [
      "a project id that would be another path",
      { ...key, HW_PROJECT_ID: ".." },
      {},
      'projectId: must not be "." or ".."; it comes from environment HW_PROJECT_ID',
    ],
    [
      "a list of addresses",
      key,
      { "huaweicloud:endpoints": '["https://cce.example"]' },
      'endpoints: Pulumi config huaweicloud:endpoints must be a JSON object of addresses such as {"cce": "https://…"}',
    ],
    [
      "an address that is no text",
      { ...key, HW_ENDPOINTS: '{"cce":5}' },
      {},
      "endpoints: environment HW_ENDPOINTS must have a string as its part cce",
    ],
    [
      "a password in an address",
      { ...key, HW_ENDPOINTS: `{"cce":"https://user:${secrets.token}@cce.example"}` },
      {},
      "endpoint of cce: must be an address without user name, path, query or fragment; this address comes from environment HW_ENDPOINTS",
    ],
    [
      "a cloud that would lead elsewhere",
      { ...key, HW_CLOUD: "evil.example/x?" },
      {},
      "cloud: must be a domain such as myhuaweicloud.eu; it comes from environment HW_CLOUD",
    ],
    [
      "addresses that are no JSON",
      { ...key, HW_ENDPOINTS: "{cce" },
      {},
      'endpoints: environment HW_ENDPOINTS must be a JSON object of addresses such as {"cce": "https://…"}',
    ],
    [
      "http to another machine",
      { ...key, HW_ENDPOINTS: '{"cce":"http://cce.example"}' },
      {},
      "endpoint of cce: must begin with https:// (plain http is accepted for loopback addresses only); this address comes from environment HW_ENDPOINTS",
    ],
    [
      "a region that would lead elsewhere",
      { ...key, HW_REGION_NAME: "x.evil.example/" },
      {},
      "region: must be a region such as eu-west-101; it comes from environment HW_REGION_NAME",
    ],
    [
      "a user without a password",
      { HW_USER_NAME: "u" },
      {},
      "credentials: HW_USER_NAME is set without HW_USER_PASSWORD; set both, or neither",
    ],
    [
      "a user's password without the user",
      { HW_USER_PASSWORD: secrets.token },
      {},
      "credentials: HW_USER_PASSWORD is set without HW_USER_NAME; set both, or neither",
    ],
    [
      "a user by name without the account",
      { HW_USER_NAME: "u", HW_USER_PASSWORD: secrets.token },
      {},
      "credentials: HW_USER_NAME is set without HW_DOMAIN_NAME; set both, or neither (the account that the user belongs to, or its id in HW_DOMAIN_ID)",
    ],
    [
      "half a key beside a whole user",
      { HW_ACCESS_KEY: "ak", HW_USER_NAME: "u", HW_USER_PASSWORD: secrets.token, HW_DOMAIN_NAME: "d" },
      {},
      "credentials: HW_ACCESS_KEY is set without HW_SECRET_KEY; set both, or neither",
    ],
    [
      "an agency without the account that made it",
      { ...key, HW_ASSUME_ROLE_AGENCY_NAME: "a", HW_DOMAIN_NAME: "mine" },
      {},
      "assumeRole: HW_ASSUME_ROLE_AGENCY_NAME is set without HW_ASSUME_ROLE_DOMAIN_NAME, the account that made the agency",
    ],
    [
      "a role for longer than a day",
      key,
      { "huaweicloud:assumeRole": '{"agencyName":"a","domainName":"d","duration":86401}' },
      "assumeRole: huaweicloud:assumeRole.duration must be a whole number of seconds from 900 to 86400",
    ],
    [
      "a signing algorithm that is not known here",
      { ...key, HW_SIGNING_ALGORITHM: "SM2SM3" },
      {},
      "signingAlgorithm: must be HmacSHA256, the only supported one (Pulumi config huaweicloud:signingAlgorithm, environment HW_SIGNING_ALGORITHM)",
    ],
    [
      "a flag that is neither true nor false",
      { ...key, HW_INSECURE: "perhaps" },
      {},
      "insecure: must be true or false (Pulumi config huaweicloud:insecure, environment HW_INSECURE, OS_INSECURE)",
    ],
    [
      "a bundle of certificates that is not there",
      { ...key, OS_CACERT: "no-such-file.pem" },
      {},
      "cacertFile: OS_CACERT must be the path of a PEM file, or PEM text (ENOENT)",
    ],
    [
      "a bundle of certificates that is none",
      { ...key, OS_CACERT: "package.json" },
      {},
      "cacertFile: package.json (OS_CACERT) contains no PEM data",
    ],
    [
      "a client's certificate without its key",
      { ...key, OS_CERT: "-----BEGIN CERTIFICATE-----" },
      {},
      "cert: set both the client certificate (cert) and its key (key), or neither",
    ],
    [
      "a proxy of another kind",
      { ...key, HTTPS_PROXY: `socks5://user:${secrets.token}@proxy.example` },
      {},
      "HTTPS_PROXY: must be the URL of an http proxy, such as http://proxy.example.com:3128",
    ],
    [
      "an address for the metadata service that others could answer for",
      { ...key, HW_ENDPOINTS: '{"metadata":"http://metadata.example"}' },
      {},
      "endpoint of metadata: must begin with https:// (plain http is accepted for loopback addresses only); this address comes from environment HW_ENDPOINTS",
    ],
    [
      "a request time-out that is none",
      { ...key, CCE_NODEPOOL_SYNC_REQUEST_TIMEOUT: "0" },
      {},
      "requestTimeout: must be a number above 0, at most 600 (Pulumi config cce-nodepool-sync:requestTimeout, environment CCE_NODEPOOL_SYNC_REQUEST_TIMEOUT)",
    ],
    [
      "a pace that is none",
      { ...key, CCE_NODEPOOL_SYNC_POLL_INTERVAL: "often" },
      {},
      "pollInterval: must be a number above 0, at most 60 (Pulumi config cce-nodepool-sync:pollInterval, environment CCE_NODEPOOL_SYNC_POLL_INTERVAL)",
    ],
  ] as const) {
    it(`is refused with ${what}`, () => {
      assert.ok(
        problemsOf({ ...place, ...environment }, config).includes(problem),
        problemsOf({ ...place, ...environment }, config).join("\n"),
      );
    });
  }
});
