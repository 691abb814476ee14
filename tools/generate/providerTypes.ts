import type { SettingDefinition } from "../../provider/config/definitions.ts";
import { instanceInputs, instanceKey } from "../../provider/config/instanceInputs.ts";
import { withDefault } from "./schemas.ts";

const types: Record<NonNullable<SettingDefinition["type"]>, string> = {
  string: "string",
  boolean: "boolean",
  integer: "number",
  number: "number",
  addresses: "Record<string, Input<string>>",
};

/** The text of sdk/providerArgs.ts: the inputs of a provider instance, made from the table of settings. */
export function providerTypes(): string {
  const members = instanceInputs().map(({ name, definition }) => {
    const { type = "string", secret } = definition;
    const protection = secret ? " Encrypted in the state." : "";
    return `  /** ${withDefault(definition)}${protection} */\n  ${name}?: Input<${types[type]} | undefined>;`;
  });
  const keys = instanceInputs().map(({ name, key, definition: { secret = false } }) => {
    return `  ${name}: { key: ${JSON.stringify(key)}, secret: ${secret} },`;
  });
  return `// Generated from provider/config/definitions.ts by \`npm run generate\`; do not edit.

import type { Input } from "@pulumi/pulumi";

/** The settings of a Provider. What is left out comes from the environment, as in docs/credentials.md. */
export interface ProviderArgs {
${members.join("\n")}
}

/** The key of each setting in the configuration that the provider gets, and whether its value is a secret. */
export const providerKeys: Readonly<Record<keyof ProviderArgs, { readonly key: string; readonly secret: boolean }>> = {
${keys.join("\n")}
};

/** The key under which the provider gets its own name. */
export const instanceKey = ${JSON.stringify(instanceKey)};
`;
}
