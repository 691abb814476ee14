import { globSync } from "node:fs";
import { root, textOf } from "./root.ts";

/** A fenced block of code in a page. */
export interface Block {
  readonly page: string;
  /** Where it stands, for the titles of tests: `docs/drift.md, block 2`. */
  readonly title: string;
  readonly language: string;
  readonly code: string;
}

/** Every page of the repository, by its path from the root. */
export const pages: readonly string[] = globSync("**/*.md", {
  cwd: root,
  exclude: (path) => /(^|\/)(node_modules|dist|coverage|\.git)$/.test(path),
}).sort();

/** The pages that users read. */
export const manual: readonly string[] = pages.filter(
  (page) => page === "README.md" || page.startsWith("docs/"),
);

/** The blocks of a page, in their order. */
export function blocksOf(page: string): Block[] {
  const found = [...textOf(page).matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)];
  return found.map(([, language = "", code = ""], index) => ({
    page,
    title: `${page}, block ${index + 1}`,
    language,
    code,
  }));
}

/** The targets of a page's links and pictures, code left out. */
export function linksOf(page: string): string[] {
  return [...withoutCode(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
}

/** The anchors that GitHub gives the headings of a page. */
export function anchorsOf(page: string): string[] {
  const headings = [
    ...textOf(page)
      .replace(/^```[\s\S]*?^```$/gm, "")
      .matchAll(/^#+ (.+)$/gm),
  ];
  return headings.map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** What stands between single backticks outside blocks. */
export function inlineCodeOf(page: string): string[] {
  const prose = textOf(page).replace(/^```[\s\S]*?^```$/gm, "");
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, "").replace(/`[^`\n]*`/g, "");
}
