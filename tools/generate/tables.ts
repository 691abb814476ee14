import { guidance } from "../../provider/errors/codes.ts";
import { instanceSettings } from "../../provider/plugin/settings.ts";
import { changes, inputs, lookUp, progress, type Schema, withDefault } from "./schemas.ts";

/** The inputs: meaning, default, place in the request and what a change means. */
export function inputsTable(): string {
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

/** The outputs besides the inputs. */
export function outputsTable(): string {
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

/** The settings of a provider instance, with their environment variables. */
export function settingsTable(): string {
  const rows = Object.entries(instanceSettings).map(([name, definition]) => {
    const environment = definition.variables.map((variable) => `\`${variable}\``).join(", ");
    const secret = definition.secret ? " **Secret.**" : "";
    return `| \`${name}\` | ${withDefault(definition)}${secret} | ${environment} |`;
  });
  return ["| setting | meaning | environment |", "|---|---|---|", ...rows].join("\n");
}

/** The error codes: what has happened, and what to do. */
export function codesTable(): string {
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

/** The arguments of the function that looks a pool up. */
export function argumentsTable(): string {
  return fieldsTable("argument", lookUp.args);
}

/** Its result, down to the nodes in it. */
export function resultTable(): string {
  return fieldsTable("output", lookUp.result);
}

function fieldsTable(title: string, schema: Schema): string {
  const rows = fieldsIn(schema, "").map(([path, field]) => `| \`${path}\` | ${withDefault(field)} |`);
  return [`| ${title} | meaning |`, "|---|---|", ...rows].join("\n");
}

function fieldsIn(schema: Schema, prefix: string): [path: string, field: Schema][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
    [`${prefix}${name}`, field],
    ...fieldsIn(field.items ?? {}, `${prefix}${name}[].`),
  ]);
}

/**
 * Puts new content between the marks of a generated section of a page.
 * @throws Error when the page has no such section.
 */
export function replaceSection(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end of ${name} -->`];
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`there is no section "${begin}" … "${end}"`);
  return `${before}${begin}\n${content}\n${end}${after}`;
}
