import { collectNamed, describe, failedNode, inputs, isFilledIn, progress, type Schema } from "./schemas.ts";

/** Whether the type is for what a program gives (values at every level may be outputs) or for what it gets. */
type Side = "args" | "outputs";

const namedTypes = collectNamed(inputs);

/** The text of sdk/args.ts: the types of a NodePoolSync. */
export function programTypes(): string {
  const parts = [
    "// Generated from provider/nodePoolSync/ by `npm run generate`; do not edit.",
    "",
    'import type { Input, Output } from "@pulumi/pulumi";',
    "",
    interfaceText("NodePoolSyncArgs", inputs, "args", "The inputs of a NodePoolSync."),
    ...namedTypes.flatMap((schema) => [
      namedType(schema, "args", schema.typeName ?? ""),
      namedType(schema, "outputs", (schema.typeName ?? "").replace(/Args$/, "")),
    ]),
    interfaceText("FailedNode", failedNode, "outputs", failedNode.description),
    outputsInterface(),
    propertyNames(),
  ];
  return `${parts.join("\n")}\n`;
}

function propertyNames(): string {
  const names = Object.keys({ ...inputs.properties, ...progress.properties });
  const lines = names.map((name) => `  ${JSON.stringify(name)},`).join("\n");
  return `/** The names of all properties of a NodePoolSync. */\nexport const propertyNames = [\n${lines}\n] as const;`;
}

function outputsInterface(): string {
  const outputs = [inputs, progress].flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).map(([name, schema]) => {
      const isThere = required.includes(name) || isFilledIn(schema);
      const type = typeText(schema, "outputs") + (isThere ? "" : " | undefined");
      return property(name, `Output<${type}>`, schema, true);
    }),
  );
  return `/** The outputs of a NodePoolSync. */\nexport interface NodePoolSyncOutputs {\n${outputs.join("\n")}\n}\n`;
}

function namedType(schema: Schema, side: Side, name: string): string {
  if (side === "args" && schema.exactlyOne) return choiceText(name, schema);
  if (side === "args" && schema.atLeastOne) return atLeastOneText(name, schema, schema.atLeastOne);
  return interfaceText(name, schema, side, schema.description);
}

/** A type for each of the properties of which at least one is given: in each, that one is required. */
function atLeastOneText(name: string, schema: Schema, needed: readonly string[]): string {
  const choices = needed.map((key) => {
    const text = `${schema.description ?? ""} This one has \`${key}\`.`;
    const required = [...(schema.required ?? []), key];
    return interfaceText(nameWith(name, key), { ...schema, required }, "args", text);
  });
  const union = needed.map((key) => nameWith(name, key)).join(" | ");
  return `${comment(schema.description ?? "", "")}\nexport type ${name} = ${union};\n\n${choices.join("\n")}`;
}

/** The name of the type that has the property: `LoginWithSshKeyArgs`. */
function nameWith(name: string, key: string): string {
  return name.replace(/Args$/, `With${key[0]?.toUpperCase()}${key.slice(1)}Args`);
}

/**
 * A type for each of the properties of which exactly one is given. Only the properties that come later are excluded:
 * that is enough to refuse two of them in a program's text, and if each type excluded all others, the compiler would
 * speak of the last one that names the property, and say of a wrong value that it is "not assignable to 'undefined'".
 */
function choiceText(name: string, schema: Schema): string {
  const properties = Object.entries(schema.properties ?? {});
  const choices = properties.map(([chosen, value], index) => {
    const excluded = properties
      .slice(index + 1)
      .map(([other]) =>
        property(other, "undefined", { description: `Not together with \`${chosen}\`.` }, false),
      );
    const members = [property(chosen, inputText(value), value, true), ...excluded];
    const text = `${schema.description ?? ""} This one has \`${chosen}\`.`;
    return `${comment(text, "")}\nexport interface ${nameWith(name, chosen)} {\n${members.join("\n")}\n}\n`;
  });
  const union = properties.map(([key]) => nameWith(name, key)).join(" | ");
  return `${comment(schema.description ?? "", "")}\nexport type ${name} = ${union};\n\n${choices.join("\n")}`;
}

/** An interface with a member for each property. */
export function interfaceText(name: string, schema: Schema, side: Side, description = ""): string {
  const properties = Object.entries(schema.properties ?? {});
  // Secrets are given and never handed back.
  const shown = side === "args" ? properties : properties.filter(([, value]) => !value.secret);
  const members = shown.map(([key, value]) => {
    const required = schema.required?.includes(key) || (side === "outputs" && isFilledIn(value));
    return property(key, side === "args" ? inputText(value) : typeText(value, side), value, required);
  });
  return `${comment(description, "")}\nexport interface ${name} {\n${members.join("\n")}\n}\n`;
}

function property(name: string, type: string, schema: Schema, required: boolean): string {
  return `${comment(describe(schema), "  ")}\n  ${type.startsWith("Output") ? "readonly " : ""}${name}${required ? "" : "?"}: ${type};`;
}

function inputText(schema: Schema): string {
  return `Input<${typeText(schema, "args")}>`;
}

function typeText(schema: Schema, side: Side): string {
  const { type, typeName, items, anyOf } = schema;
  if (typeName !== undefined) return side === "args" ? typeName : typeName.replace(/Args$/, "");
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (anyOf !== undefined) return anyOf.map((choice) => typeText(choice, side)).join(" | ");
  if (type === "array") {
    const item = isAnything(items) ? "unknown" : typeText(items ?? {}, side);
    return side === "args" ? `Input<${item}>[]` : `${item}[]`;
  }
  if (type === "object")
    return side === "args" ? "Record<string, Input<unknown>>" : "Record<string, unknown>";
  return type === "integer" ? "number" : (type ?? "unknown");
}

function isAnything(schema: Schema | undefined): boolean {
  return schema?.type === undefined && schema?.enum === undefined && schema?.anyOf === undefined;
}

function comment(text: string, indent: string): string {
  return `${indent}/** ${text} */`;
}
