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
  readonly #project: string;
  readonly #outputsOf: StackOutputs;

  /** `project` is the one whose stacks can be referred to by their plain names. */
  constructor(project: string, outputsOf: StackOutputs) {
    this.#project = project;
    this.#outputsOf = outputsOf;
  }

  /** Rejects with a message for the user when no stack can be found under the name that the inputs give. */
  async read({ id }: { id: string }, inputs: PropertyMap) {
    const name = String(inputs.name);
    const outputs = await this.#outputsOf(parseStackName(name, this.#project));
    if (outputs === undefined) throw new ProviderError(`unknown stack "${name}"`);
    const secretOutputNames = Object.keys(outputs).filter((key) => someValue(outputs[key] ?? null, isSecret));
    return { id, inputs, outputs: { name, outputs, secretOutputNames: secretOutputNames.sort() } };
  }
}

/**
 * Reads `stack`, `organization/stack` (both of the given project) or `organization/project/stack`, where
 * "organization" is that very word: a local backend knows no other (pkg/backend/diy). Throws for anything else.
 */
function parseStackName(text: string, ownProject: string): StackName {
  const parts = text.split("/");
  const stack = parts.at(-1) ?? "";
  const invalid = stack.search(/[^\w.-]/);
  if (stack === "" || parts.length > 3) {
    throw new ProviderError(`"${text}" names no stack: write "${ORGANIZATION}/<project>/<stack>"`);
  }
  if (invalid >= 0) {
    throw new ProviderError(
      "a stack name may only contain alphanumeric, hyphens, underscores, or periods: " +
        `invalid character '${stack[invalid]}' at position ${invalid}`,
    );
  }
  if (parts.length > 1 && parts[0] !== ORGANIZATION) {
    throw new ProviderError(`organization name must be '${ORGANIZATION}'`);
  }
  return { project: (parts.length === 3 && parts[1]) || ownProject, stack };
}
