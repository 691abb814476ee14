/** The resource's schemas as plain data, with our own notes on them: what everything generated is made from. */

import { z } from "zod";
import type { InputClass } from "../../provider/nodePoolSync/inputs/fields.ts";
import { inputsSchema } from "../../provider/nodePoolSync/inputs/schema.ts";
import { lookUpArgs, lookUpResult } from "../../provider/nodePoolSync/poolLookUp.ts";
import { progressSchema } from "../../provider/nodePoolSync/state/outputs.ts";

/** The part of JSON Schema that zod makes of our schemas, with our own notes on it. */
export interface Schema {
  type?: string;
  enum?: string[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  anyOf?: Schema[];
  description?: string;
  typeName?: string;
  exactlyOne?: boolean;
  atLeastOne?: readonly string[];
  secret?: boolean;
  defaultText?: string;
  wire?: string;
  class?: InputClass;
}

/** What a change of an input means, by its class: as a table's word and as an editor's sentence. */
export const changes: Record<InputClass, { readonly word: string; readonly sentence: string }> = {
  identity: { word: "replaces the resource", sentence: "A change replaces the resource." },
  address: {
    word: "resets nothing (address)",
    sentence: "A change resets nothing; it says where to look for the pool.",
  },
  content: { word: "resets nodes", sentence: "A change resets nodes (see `onChange`)." },
  selection: {
    word: "selects",
    sentence: "A change resets nothing but newly selected nodes that need it (see `onCreate`).",
  },
  manner: {
    word: "resets nothing (manner)",
    sentence: "A change resets nothing; later resets follow it.",
  },
};

/** The inputs, as a program may give them. */
export const inputs = z.toJSONSchema(inputsSchema, { io: "input" }) as Schema;

/** The outputs that a resource has besides its inputs. */
export const progress = z.toJSONSchema(progressSchema, { io: "output" }) as Schema;

/** A node of the output `failedNodes`. */
export const failedNode: Schema = progress.properties?.failedNodes?.items ?? {};

/** The arguments of the function that looks a pool up, and its result. */
export const lookUp = {
  args: z.toJSONSchema(lookUpArgs, { io: "input" }) as Schema,
  result: z.toJSONSchema(lookUpResult, { io: "output" }) as Schema,
};

/** A node of the result. */
export const poolNode: Schema = lookUp.result.properties?.nodes?.items ?? {};

/** The property's documentation in one line: what it is, its default, and what a change of it means. */
export function describe(schema: Schema): string {
  const change = schema.class === undefined ? "" : ` ${changes[schema.class].sentence}`;
  return withDefault(schema) + change;
}

/** What an input or a setting is, and its default. */
export function withDefault({ description = "", defaultText }: Pick<Schema, "description" | "defaultText">) {
  return defaultText === undefined ? description : `${description} Default: ${defaultText}.`;
}

/** Whether the provider puts a value in place of one that is left out: its default is printed as a value. */
export function isFilledIn({ defaultText }: Schema): boolean {
  return defaultText?.startsWith("`") ?? false;
}

/** The objects in the schema that have a type of their own, outer ones first. */
export function collectNamed(schema: Schema): Schema[] {
  const children = Object.values(schema.properties ?? {});
  return children.flatMap((child) => [
    ...(child.typeName === undefined ? [] : [child]),
    ...collectNamed(child),
  ]);
}
