import { z } from "zod";

/**
 * What Pulumi takes for the schema of a package, as far as this package uses it: the rules of its metaschema as data.
 * Everything else is refused, so that a misspelled key does not pass for one that is ignored.
 */

const token = z.string().regex(/^[a-zA-Z][-a-zA-Z0-9_]*:([^0-9][a-zA-Z0-9._/-]*)?:[^0-9][a-zA-Z0-9._/-]*$/);

interface TypeShape {
  [key: string]: z.ZodType;
}

/** Exactly one kind of type: primitive, array, map, choice or reference; beside it the keys of the place. */
function typed(others: TypeShape) {
  const primitive = z.strictObject({ type: z.enum(["boolean", "integer", "number", "string"]), ...others });
  const array = z.strictObject({
    type: z.literal("array"),
    get items() {
      return typeSpec;
    },
    ...others,
  });
  const map = z.strictObject({
    type: z.literal("object"),
    get additionalProperties() {
      return typeSpec.optional();
    },
    ...others,
  });
  const choice = z.strictObject({
    get oneOf() {
      return z.array(typeSpec).min(2);
    },
    ...others,
  });
  const reference = z.strictObject({
    $ref: z.string().regex(/^(#\/types\/.+|pulumi\.json#\/(Any|Json|Asset|Archive))$/),
    ...others,
  });
  return z.union([primitive, array, map, choice, reference]);
}

const typeSpec: z.ZodType = z.lazy(() => typed({}));

const property = typed({
  description: z.string().min(1),
  secret: z.boolean().optional(),
  willReplaceOnChanges: z.boolean().optional(),
});

const properties = z.record(z.string(), property);
const names = z.array(z.string());

const object = {
  description: z.string().min(1),
  properties: properties.optional(),
  required: names.optional(),
};

const resource = z.strictObject({
  ...object,
  inputProperties: properties.optional(),
  requiredInputs: names.optional(),
  aliases: z.array(z.strictObject({ type: z.string() })).optional(),
});

const functionSpec = z.strictObject({
  description: z.string().min(1),
  inputs: z.strictObject({ ...object, type: z.literal("object").optional() }).optional(),
  outputs: z.strictObject({ ...object, type: z.literal("object").optional() }).optional(),
});

/** The schema of a package. */
export const packageSchema = z.strictObject({
  name: z.string().regex(/^[a-zA-Z][-a-zA-Z0-9_]*$/),
  displayName: z.string(),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/)
    .optional(),
  description: z.string(),
  keywords: names,
  license: z.string(),
  repository: z.url().optional(),
  pluginDownloadURL: z.string().optional(),
  meta: z.strictObject({ moduleFormat: z.string() }),
  config: z.strictObject({ variables: properties, defaults: names.optional() }),
  provider: resource,
  types: z.record(token, z.strictObject({ ...object, type: z.literal("object") })),
  resources: z.record(token, resource),
  functions: z.record(token, functionSpec).optional(),
  language: z.record(z.enum(["nodejs", "python", "go", "csharp", "java"]), z.record(z.string(), z.unknown())),
});
