import assert from "node:assert/strict";
import { resolveSettings } from "../../../provider/config/settings.ts";
import type { Configuration, Overrides } from "../../../provider/config/sources.ts";
import type { CredentialSource } from "../../../provider/credentials/credentialSource.ts";
import { ConfigurationError } from "../../../provider/errors/errors.ts";

/** Secrets that a configuration of these tests can hold. */
export const secrets = {
  secretKey: "canary-secret-key",
  token: "canary-token",
  securityToken: "canary-security-token",
};
/** An access key. */
export const key = { HW_ACCESS_KEY: "ak", HW_SECRET_KEY: secrets.secretKey };
/** A region and a project. */
export const place = { HW_REGION_NAME: "eu-west-101", HW_PROJECT_ID: "p" };

/** Where the settings come from: environment and stack configuration. */
export const sources = (
  environment: Record<string, string>,
  config: Record<string, string> = {},
): Configuration => ({
  config: (name) => config[name],
  configKeys: Object.keys(config),
  environment,
});

/** All that is said about a configuration that cannot be used. */
export function problemsOf(
  environment: Record<string, string>,
  config?: Record<string, string>,
  overrides: Overrides = {},
): readonly string[] {
  try {
    resolveSettings(overrides, sources(environment, config));
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    for (const secret of Object.values(secrets)) assert.ok(!error.message.includes(secret));
    return error.problems;
  }
  return [];
}

/** What a source of credentials was configured with: its name, and its parameters, for a role with the source below it. */
export function partsOf({ id }: Pick<CredentialSource, "id">): readonly [name: string, ...parts: unknown[]] {
  const [name, ...parts] = JSON.parse(id);
  if (name !== "assumed role") return [name, ...parts];
  return [name, parts[0], partsOf({ id: parts[1] })];
}

/** The source of credentials that an environment configures. */
export function sourceIn(environment: Record<string, string>): CredentialSource {
  return resolveSettings({}, sources({ ...place, ...environment })).source;
}
