import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The repository's root folder, without a slash at the end. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** The text of a file, by its path from the root. */
export function textOf(file: string): string {
  return readFileSync(`${root}/${file}`, "utf8");
}
