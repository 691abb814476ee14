import type { RecordedLine } from "./recording.ts";
import { asText, box, picture } from "./svg.ts";

const columns = 108;
const hanging = " ".repeat(6);
const rowHeight = 18;
const margin = 20;
const head = 60;
/** Seconds that pass before the first line, so that the command can be read. */
const lead = 1;

/** One row of the picture: a line of the terminal, or a part of one that is too long, cut between words. */
interface Row extends RecordedLine {
  readonly tone: string;
}

/**
 * The recording as a picture that plays once and ends in the whole text. Without animations, and for readers who want
 * less motion, the whole text is there at once.
 */
export function drawTerminal(recorded: readonly RecordedLine[]): string {
  const rows = rowsOf(recorded);
  const height = head + rows.length * rowHeight + margin;
  const width = 880;
  return picture(
    width,
    height,
    {
      title: "pulumi up, recorded",
      description: `What the terminal shows while four nodes are synchronized, two at a time: ${recorded
        .map(({ text }) => text.trim())
        .filter((text) => /synced|synchronized/.test(text))
        .join("; ")}`,
      style: `.row { animation: hide linear; }
@keyframes hide { 0%, 100% { opacity: 0; } }
@media (prefers-reduced-motion: reduce) { .row { animation: none; } }
`,
    },
    [
      box(0.5, 0.5, width - 1, height - 1, "tint", 10),
      ...[0, 1, 2].map((dot) => `<circle class="head" cx="${22 + dot * 18}" cy="20" r="5"/>`),
      `<text class="mono ink" style="font-size:12px" x="${margin}" y="48"><tspan class="green">$</tspan> pulumi up --yes --skip-preview</text>`,
      ...rows.map(drawRow),
    ],
  );
}

function rowsOf(recorded: readonly RecordedLine[]): Row[] {
  // The CLI's signs of life between lines say nothing.
  return recorded
    .filter(({ text }) => text.trim() !== "" && !text.startsWith("@ "))
    .flatMap(({ at, text }) => {
      const tone = toneOf(text);
      return wrap(text.trimEnd()).map((part) => ({ at, text: part, tone }));
    });
}

/** What stands between parentheses is kept together. */
function wrap(text: string): string[] {
  const glued = text.replace(/\([^()]*\)/g, (inner) => inner.replaceAll(" ", "\u00a0"));
  const parts = glued.match(new RegExp(`.{1,${columns}}(?= |$)`, "g")) ?? [];
  return parts.map((part, index) => (index === 0 ? part : `${hanging}${part.trim()}`));
}

function toneOf(text: string): string {
  if (/\bcreated\b|nodes synchronized/.test(text)) return "green";
  if (/nodes synced/.test(text)) return "blue";
  if (/will reset/.test(text)) return "amber";
  return "ink";
}

/** The long type name is toned down, so that what it says stands out. */
function drawRow({ at, text, tone }: Row, index: number): string {
  const y = head + 8 + index * rowHeight;
  const indent = text.length - text.trimStart().length;
  const x = margin + indent * 7.23;
  const marked = asText(text.trimStart()).replace(
    /pulumi(-nodejs)?:[a-z]+[:/]\S+/,
    (type) => `<tspan class="soft">${type}</tspan>`,
  );
  return `<text xml:space="preserve" class="row mono ${tone}" style="font-size:12px;animation-duration:${(lead + at).toFixed(2)}s" x="${x.toFixed(1)}" y="${y}">${marked}</text>`;
}
