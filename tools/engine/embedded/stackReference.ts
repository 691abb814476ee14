import { isSecret, type PropertyMap, someValue } from "../properties.ts";
import type { ProviderClient } from "./provider.ts";
import { ProviderError } from "./providerErrors.ts";
import { ORGANIZATION } from "./sdkProcesses.ts";

/** The type of the resource by which a program reads the outputs of another stack. */
export const STACK_REFERENCE_TYPE = "pulumi:pulumi:StackReference";

/** The last outputs of a stack, secrets wrapped; undefined when there is no such stack. */
export type StackOutputs = (name: StackName) => Promise<PropertyMap | undefined>;

/** What identifies a stack in a home. */
export interface StackName {
  project: string;
  stack: string;
}

/**
 * Answers a program's reads of stack references, as the engine itself does, without a provider process
 * (pkg/resource/deploy, builtins.go).
 */
export class StackReferenceReader implements Pick<ProviderClient, "read"> {
  readonly #outputsOf: StackOutputs;

  constructor(outputsOf: StackOutputs) {
    this.#outputsOf = outputsOf;
  }

  /** Rejects with a message for the user when no stack can be found under the name that the inputs give. */
  async read({ id }: { id: string }, inputs: PropertyMap) {
    const name = String(inputs.name);
    const outputs = await this.#outputsOf(parseStackName(name));
    if (outputs === undefined) throw new ProviderError(`unknown stack "${name}"`);
    const secretOutputNames = Object.keys(outputs).filter((key) => someValue(outputs[key] ?? null, isSecret));
    return { id, inputs, outputs: { name, outputs, secretOutputNames: secretOutputNames.sort() } };
  }
}

/** Reads a full name. "organization" is that very word: a local backend knows no other (pkg/backend/diy). */
function parseStackName(text: string): StackName {
  const [, project, stack] = new RegExp(`^${ORGANIZATION}/([\\w.-]+)/([\\w.-]+)$`).exec(text) ?? [];
  if (project === undefined || stack === undefined) {
    throw new ProviderError(`"${text}" names no stack: write "${ORGANIZATION}/<project>/<stack>"`);
  }
  return { project, stack };
}
