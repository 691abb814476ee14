import assert from "node:assert/strict";
import { resolveSettings } from "../../provider/config/settings.ts";
import type { Sources } from "../../provider/config/sources.ts";
import { ConfigurationError } from "../../provider/errors/errors.ts";

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
): Sources => ({
  config: (name) => config[name],
  environment,
});

/** All that is said about a configuration that cannot be used. */
export function problemsOf(
  environment: Record<string, string>,
  config?: Record<string, string>,
): readonly string[] {
  try {
    resolveSettings({}, sources(environment, config));
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    for (const secret of Object.values(secrets)) assert.ok(!error.message.includes(secret));
    return error.problems;
  }
  return [];
}
