import assert from "node:assert/strict";
import { drawHouse } from "../local/pictures/house.ts";
import { drawLife } from "../local/pictures/life.ts";
import { drawTerminal } from "../local/pictures/terminal.ts";
import { textOf } from "./support/root.ts";

const recorded = textOf("docs/pictures/up.svg");
const drawn = { "house.svg": drawHouse(), "life-of-a-sync.svg": drawLife() };
const pictures: Record<string, string> = { ...drawn, "up.svg": recorded };
const largest = 30_000;

/** The names of classes that a part of the style gives a colour to. */
function coloured(style: string): string[] {
  return [...style.matchAll(/^\.(\w+) \{ (?:fill|stroke)/gm)].map(([, name = ""]) => name);
}

for (const [name, svg] of Object.entries(pictures)) {
  describe(`the picture ${name}`, () => {
    const [before = "", after = ""] = svg.split("@media (prefers-color-scheme: dark) {");
    const style = svg.slice(0, svg.indexOf("</style>"));

    it(`is smaller than ${largest} bytes`, () => assert.ok(Buffer.byteLength(svg) < largest));

    it("is well-formed: each tag is closed by its own", () => {
      const open: string[] = [];
      for (const [, close, tag = "", end] of svg.matchAll(/<(\/?)([a-z]\w*)[^<>]*?(\/?)>/gi)) {
        if (close === "/") assert.equal(open.pop(), tag);
        else if (end !== "/") open.push(tag);
      }
      assert.deepEqual(open, []);
      assert.doesNotMatch(svg.replace(/<[^<>]*>/g, ""), /[<]|&(?!amp;|lt;|gt;)/);
    });

    it("asks for nothing from elsewhere", () => {
      const addresses = [...svg.matchAll(/https?:[^"' ]+/g)].map(([address]) => address);
      assert.deepEqual(addresses, ["http://www.w3.org/2000/svg"]);
      assert.doesNotMatch(svg, /href|@import|<image|<script|url\((?!#)/);
    });

    it("says in words what it shows", () => {
      assert.match(svg, /<title id="title">[^<]+<\/title>\n<desc id="description">[^<]{40,}<\/desc>/);
    });

    it("gives every colour for light and for dark", () => {
      const dark = coloured(after.slice(0, after.indexOf("\n}\n")));
      assert.deepEqual(coloured(before), dark);
      assert.ok(dark.length > 10);
    });

    it("uses no class that its style lacks", () => {
      const used = [...svg.matchAll(/class="([^"]+)"/g)].flatMap(([, names = ""]) => names.split(" "));
      for (const one of new Set(used)) assert.ok(style.includes(`.${one} {`), one);
    });
  });
}

describe("the drawings", () => {
  for (const [name, svg] of Object.entries(drawn)) {
    it(`are up to date: ${name}`, () =>
      assert.equal(textOf(`docs/pictures/${name}`), svg, "run `npm run pictures`"));
  }
});

describe("the recording", () => {
  it("tells a whole sync in the order in which it was seen", () => {
    const text = recorded.replace(/<[^>]+>/g, "");
    assert.match(
      text,
      /will reset 4 of 4 nodes[\s\S]*0\/4 nodes synced, 2 resetting[\s\S]*4\/4 nodes synced[\s\S]*4 nodes synchronized in [\s\S]*status +: "synced"/,
    );
  });

  it("hides a row until its time and shows it ever after, and shows it at once to those who want no motion", () => {
    const times = [...recorded.matchAll(/animation-duration:([\d.]+)s/g)].map(([, time]) => Number(time));
    assert.ok(times.length > 10);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
    assert.match(recorded, /@keyframes hide \{ 0%, 100% \{ opacity: 0; \} \}/);
    assert.match(recorded, /@media \(prefers-reduced-motion: reduce\) \{ \.row \{ animation: none; \} \}/);
    assert.doesNotMatch(recorded.replace(/@keyframes[^\n]*/, ""), /opacity|infinite/);
  });

  it("cuts long lines between words, keeps what stands in parentheses together, and leaves signs of life out", () => {
    const svg = drawTerminal([
      { at: 0, text: "@ updating...." },
      { at: 0.5, text: `${"word ".repeat(20)}tail (of seven words that stay with it)` },
    ]);
    const rows = [...svg.matchAll(/<text xml:space[^>]*>([^<]*)</g)].map(([, text]) => text?.trim());
    assert.deepEqual(rows, [
      `${"word ".repeat(20)}tail`,
      "(of seven words that stay with it)".replaceAll(" ", "\u00a0"),
    ]);
  });
});
