/**
 * Writes what is made from the schemas: sdk/args.ts and sdk/providerArgs.ts (types with their documentation), the
 * plugin's schema, and the tables of the documentation.
 * `npm run generate` runs it; a test runs it too and finds nothing to change.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { guidance } from "../provider/errors/codes.ts";
import { instanceSettings } from "../provider/plugin/settings.ts";
import { pluginSchema } from "./pluginSchema.ts";
import { providerArgsFile } from "./providerArgs.generate.ts";
import { changes, collectNamed, describe, inputs, isFilledIn, progress, type Schema } from "./schemas.ts";

/** Whether the type is for what a program gives (values at every level may be outputs) or for what it gets. */
type Side = "args" | "outputs";

const namedTypes = collectNamed(inputs);

/** Every file that is generated, by its path from the repository's root, with the text that it should have. */
export function generate(): Record<string, string> {
  const properties = readFileSync(pathOf("docs/inputs-and-outputs.md"), "utf8");
  const troubleshooting = readFileSync(pathOf("docs/troubleshooting.md"), "utf8");
  return {
    "sdk/args.ts": argsFile(),
    "sdk/providerArgs.ts": providerArgsFile(),
    "docs/inputs-and-outputs.md": replaceSection(
      replaceSection(properties, "inputs", inputsTable()),
      "outputs",
      outputsTable(),
    ),
    "docs/installation-configuration.md": replaceSection(
      readFileSync(pathOf("docs/installation-configuration.md"), "utf8"),
      "settings",
      settingsTable(),
    ),
    "docs/troubleshooting.md": replaceSection(troubleshooting, "codes", codesTable()),
    "provider/plugin/schema.json": `${JSON.stringify(pluginSchema(), undefined, 2)}\n`,
  };
}

function argsFile(): string {
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
    interfaceText("FailedNode", failedNode(), "outputs", failedNode().description),
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
  const own = Object.entries(inputs.properties ?? {}).map(([name, schema]) => {
    const required = inputs.required?.includes(name) || isFilledIn(schema);
    return property(
      name,
      `Output<${typeText(schema, "outputs")}${required ? "" : " | undefined"}>`,
      schema,
      true,
    );
  });
  const others = Object.entries(progress.properties ?? {}).map(([name, schema]) => {
    const required = progress.required?.includes(name);
    return property(
      name,
      `Output<${typeText(schema, "outputs")}${required ? "" : " | undefined"}>`,
      schema,
      true,
    );
  });
  return `/** The outputs of a NodePoolSync. */\nexport interface NodePoolSyncOutputs {\n${[...own, ...others].join("\n")}\n}\n`;
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

function interfaceText(name: string, schema: Schema, side: Side, description = ""): string {
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

function failedNode(): Schema {
  return progress.properties?.failedNodes?.items ?? {};
}

function comment(text: string, indent: string): string {
  return `${indent}/** ${text} */`;
}

function inputsTable(): string {
  const rows = flatten(inputs, "").map(({ path, schema, required, top }) => {
    const otherwise = required ? "required" : (schema.defaultText ?? "not sent");
    const change = top.class === undefined ? "" : changes[top.class].word;
    const secret = schema.secret ? " **Secret.**" : "";
    const isSent = top.wire !== undefined;
    const wire = schema === top || !isSent ? (top.wire ?? "never") : `\`spec.${path}\``;
    const meaning = (schema.description ?? "").replaceAll("|", "\\|");
    return `| \`${path}\` | ${meaning}${secret} | ${otherwise} | ${wire} | ${change} |`;
  });
  return [
    "| input | meaning | if left out | in the request | a change |",
    "|---|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function outputsTable(): string {
  const rows = Object.entries(progress.properties ?? {}).map(
    ([name, schema]) => `| \`${name}\` | ${schema.description ?? ""} |`,
  );
  return [
    "| output | meaning |",
    "|---|---|",
    "| all inputs | as recorded, without the password; assets and archives in `triggers` as their hash |",
    ...rows,
  ].join("\n");
}

function settingsTable(): string {
  const rows = Object.entries(instanceSettings).map(
    ([name, { description, defaultText, secret, variables }]) => {
      const otherwise = defaultText === undefined ? "" : ` Default: ${defaultText}.`;
      const environment = variables.map((variable) => `\`${variable}\``).join(", ");
      return `| \`${name}\` | ${description}${otherwise}${secret ? " **Secret.**" : ""} | ${environment} |`;
    },
  );
  return ["| setting | meaning | environment |", "|---|---|---|", ...rows].join("\n");
}

function codesTable(): string {
  const rows = Object.entries(guidance).map(([code, { meaning, remedy, afterServiceCode = {} }]) => {
    const others = Object.entries(afterServiceCode).map(
      ([answer, other]) => ` After \`${answer}\`: ${other}`,
    );
    return `| \`${code}\` | ${meaning} | ${remedy}${others.join("")} |`;
  });
  return ["| code | what has happened | what to do |", "|---|---|---|", ...rows].join("\n");
}

interface Row {
  readonly path: string;
  readonly schema: Schema;
  readonly required: boolean;
  /** The top-level input that holds this one. */
  readonly top: Schema;
}

function flatten(schema: Schema, prefix: string, top?: Schema): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, value]) => {
    const path = `${prefix}${name}`;
    const holder = top ?? value;
    const row = { path, schema: value, required: schema.required?.includes(name) ?? false, top: holder };
    return [row, ...flatten(value, `${path}.`, holder)];
  });
}

function replaceSection(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end of ${name} -->`];
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`there is no section "${begin}" … "${end}"`);
  return `${before}${begin}\n${content}\n${end}${after}`;
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(`../${file}`, import.meta.url));
}

if (import.meta.main) {
  for (const [file, text] of Object.entries(generate())) writeFileSync(pathOf(file), text);
}
