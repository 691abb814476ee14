import { arrow, asText, box, lines, picture } from "./svg.ts";

/** The floors from the top, with the rooms that are drawn; CONTRIBUTING.md says what each is for. */
const floors: readonly { number: number; job: string; rooms: readonly string[] }[] = [
  {
    number: 4,
    job: "doors: what a program imports, what Pulumi's provider process calls",
    rooms: ["sdk/", "provider/index.ts", "provider/sessions.ts", "provider/engine.ts"],
  },
  {
    number: 3,
    job: "one verb each, over plain objects",
    rooms: ["check", "diff", "lifecycle", "refresh", "forecast", "explanations"].map(
      (name) => `provider/${name}.ts`,
    ),
  },
  {
    number: 2,
    job: "provider/sync/: how a sync starts, is watched and judged",
    rooms: ["start", "resume", "watch", "observation", "progress", "turns"].map(
      (name) => `provider/sync/${name}.ts`,
    ),
  },
  {
    number: 1,
    job: "the service's calls in provider/cce/, how to sign in, what is configured",
    rooms: [
      ...["api", "http", "answers", "limiter", "retries"].map((name) => `provider/cce/${name}.ts`),
      "provider/iam/",
      "provider/config/",
    ],
  },
  {
    number: 0,
    job: "pure facts",
    rooms: [
      ...["schema", "rules", "state", "errors", "errorCodes", "password"].map(
        (name) => `provider/${name}.ts`,
      ),
      ...["model", "signer"].map((name) => `provider/cce/${name}.ts`),
    ],
  },
];

const width = 880;
const top = 84;
const floorHeight = 88;
const left = 24;
const inside = 620;
/** Characters of blank around a room's name. */
const padding = 4;
const annexHeight = 92;

/** What stands beside the house, from top to bottom. */
const annexes = [
  { path: "local/engine/", texts: ["an engine for where", "no Pulumi CLI is found"] },
  { path: "examples/", texts: ["projects of their own,", "run by the tests"] },
  { path: "test/", texts: ["one file a subject,", "whole programs in e2e/"] },
  { path: "local/cce/", texts: ["an emulated CCE, IAM", "and metadata service"] },
];

/** The house: floors, rooms, and the direction of imports. */
export function drawHouse(): string {
  const bottom = top + floors.length * floorHeight;
  const middle = left + inside / 2;
  return picture(
    width,
    bottom + 64,
    {
      title: "The house",
      description:
        "Five floors of rooms. Imports point to the same floor or a lower one. Beside the house stand the emulator, which takes the service's place, and an engine, which takes the Pulumi CLI's.",
    },
    [
      box(left, 16, inside, 36, "act", 18),
      lines(middle, 39, [{ text: "Pulumi: the program, the engine", tone: "blue strong" }], "middle"),
      arrow(`M${middle} 52V${top - 4}`),
      ...floors.map(drawFloor),
      arrow(`M${middle} ${bottom - 8}V${bottom + 12}`),
      box(left, bottom + 16, inside, 36, "act", 18),
      lines(
        middle,
        bottom + 39,
        [{ text: "Huawei Cloud: CCE, IAM, the metadata service", tone: "blue strong" }],
        "middle",
      ),
      arrow(`M${left + inside + 18} ${top}V${bottom - 8}`),
      `<text class="soft small" transform="translate(${left + inside + 32} ${(top + bottom) / 2}) rotate(90)" text-anchor="middle">imports point down</text>`,
      ...annexes.map(({ path, texts }, index) => annex(16 + index * 156, path, texts)),
      standIn(34),
      standIn(bottom + 34),
    ],
  );
}

function drawFloor({ number, job, rooms }: (typeof floors)[number], index: number): string {
  const y = top + index * floorHeight;
  const names = rooms.map((path) => {
    // On the top floor two rooms meet.
    const short = number === 4 ? path : path.replace(/^.*\/(?=.)/, "");
    return short.replace(/\.ts$/, "");
  });
  const characters = names.reduce((sum, name) => sum + name.length + padding, 0);
  let x = left + 48;
  const drawn = names.map((name, place) => {
    const room = ((inside - 60) * (name.length + padding)) / characters;
    const text = lines(round(x + (room - 6) / 2), y + 54, [{ text: name, tone: "ink mono small" }], "middle");
    const shapes = `${box(round(x), y + 32, round(room - 6), 36)}${text}`;
    x += room;
    return `<g data-room="${asText(rooms[place] ?? "")}" data-floor="${number}">${shapes}</g>`;
  });
  return `${box(left, y, inside, floorHeight - 8, "tint")}<text class="soft strong" style="font-size:24px" x="${left + 16}" y="${y + 60}">${number}</text>${lines(
    left + 48,
    y + 21,
    [{ text: job, tone: "soft" }],
  )}${drawn.join("")}`;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

/** A dashed line from an annex to what it stands in for. */
function standIn(y: number): string {
  return `<path class="line" stroke-dasharray="4 4" d="M${left + inside + 56} ${y}H${left + inside}"/>`;
}

/** A room beside the house. */
function annex(y: number, path: string, texts: readonly string[]): string {
  const x = left + inside + 56;
  const written = [
    { text: path, tone: "ink mono strong" },
    ...texts.map((text) => ({ text, tone: "soft small" })),
  ];
  return `<g data-room="${path}">${box(x, y, width - x - 24, annexHeight, "tint")}${lines(x + 14, y + 32, written)}</g>`;
}
