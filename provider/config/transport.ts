import { readFileSync } from "node:fs";
import type { Transport } from "../cce/http.ts";
import { withScheme } from "../util/address.ts";
import type { Setting } from "./definitions.ts";
import type { Limits } from "./limits.ts";
import { type ConfigSource, type Configuration, firstWith, look } from "./sources.ts";

const pem = /-----BEGIN [A-Z0-9 ]+-----/;
const algorithm = "HmacSHA256";

/**
 * How to reach the service: certificates as the vendor's providers take them (a path, or the text itself), and the
 * proxies that the environment names, in the spelling that every other tool reads.
 * @param problems takes what cannot be used; no password of a proxy is in it.
 */
export function readTransport(
  sources: readonly ConfigSource[],
  { environment }: Configuration,
  { requestTimeout }: Limits,
  problems: string[],
): Transport {
  const algorithms = look("signingAlgorithm", sources);
  if (algorithms.value !== undefined && algorithms.value.toLowerCase() !== algorithm.toLowerCase()) {
    problems.push(`signingAlgorithm: must be ${algorithm}, the only supported one (${algorithms.lookedAt})`);
  }
  const read = (setting: Setting) => readPem(setting, sources, problems);
  const [ca, cert, key] = [read("cacertFile"), read("cert"), read("key")];
  if ((cert === undefined) !== (key === undefined)) {
    problems.push("cert: set both the client certificate (cert) and its key (key), or neither");
  }
  return {
    ca,
    cert,
    key,
    insecure: readFlag("insecure", sources, problems),
    httpsProxy: readProxy("https_proxy", environment, problems),
    noProxy: variable("no_proxy", environment),
    answerTimeout: requestTimeout * 1000,
  };
}

function readPem(setting: Setting, sources: readonly ConfigSource[], problems: string[]): string | undefined {
  const source = firstWith(setting, sources);
  const value = source?.get(setting);
  if (source === undefined || value === undefined || pem.test(value)) return value;
  const name = source.nameOf(setting);
  try {
    const content = readFileSync(value, "utf8");
    if (pem.test(content)) return content;
    problems.push(`${setting}: ${value} (${name}) contains no PEM data`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    problems.push(`${setting}: ${name} must be the path of a PEM file, or PEM text (${code})`);
  }
  return undefined;
}

function readFlag(setting: Setting, sources: readonly ConfigSource[], problems: string[]): boolean {
  const { value = "false", lookedAt } = look(setting, sources);
  if (/^(true|1|t|yes)$/i.test(value)) return true;
  if (!/^(false|0|f|no)$/i.test(value)) problems.push(`${setting}: must be true or false (${lookedAt})`);
  return false;
}

function readProxy(
  name: string,
  environment: Configuration["environment"],
  problems: string[],
): string | undefined {
  const value = variable(name, environment);
  if (value === undefined) return undefined;
  const url = withScheme(value, "http");
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  problems.push(
    `${name.toUpperCase()}: must be the URL of an http proxy, such as http://proxy.example.com:3128`,
  );
  return undefined;
}

/** Tools differ in how they spell these, so both ways are read; lower case goes first, as in curl. */
function variable(name: string, environment: Configuration["environment"]): string | undefined {
  return environment[name] || environment[name.toUpperCase()] || undefined;
}
