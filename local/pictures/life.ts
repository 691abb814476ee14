import { arrow, box, type Line, lines, picture } from "./svg.ts";

const width = 880;
const spine = 334;
const half = 130;
const right = 560;

/** The life of a sync: from `pulumi up` to its end, and what the next `pulumi up` does. */
export function drawLife(): string {
  return picture(
    width,
    748,
    {
      title: "The life of a sync",
      description:
        "pulumi up checks the inputs, looks at the pool, resumes a sync that runs or sends one request, and watches it to one of four ends: synced, failed, inProgress, accepted. Each end says what the next pulumi up does.",
    },
    [
      box(spine - 70, 16, 140, 36, "act", 18),
      lines(spine, 39, [{ text: "pulumi up", tone: "blue mono strong" }], "middle"),
      arrow(`M${spine} 52V76`),
      step(80, "check", "every input, all problems at once"),
      aside(80, "bad", "a problem in the inputs", "an error; nothing is sent"),
      arrow(`M${spine} 136V164`),
      step(168, "look", "at the pool and its nodes"),
      aside(168, "bad", "not there, or not allowed", "an error; nothing is sent"),
      loop(196, "others at work:", "wait, look again"),
      arrow(`M${spine} 224V252`),
      step(256, "does our sync run already?", "by the state, the job, the pool, the nodes"),
      arrow(`M${spine} 312V340`),
      lines(spine + 10, 331, [{ text: "no", tone: "soft" }]),
      step(344, "POST", "one request for the nodes", "act"),
      aside(344, "open", "refused for now", "wait, then look again"),
      aside(424, "open", "no answer came", "look whether it has begun; not sent twice"),
      `<path class="line" d="M${spine + half} 386H${right - 40}V452"/>`,
      arrow(`M${right - 40} 452H${right - 4}`),
      arrow(`M${spine} 400V484`),
      lines(spine + 10, 447, [{ text: "accepted", tone: "soft" }]),
      arrow(`M${spine - half} 284H70V516H${spine - half - 4}`),
      lines(80, 404, [
        { text: "yes: resume,", tone: "soft" },
        { text: "nothing is sent", tone: "soft" },
      ]),
      arrow(`M${right + 148} 480V516H${spine + half + 4}`),
      lines(right - 78, 508, [{ text: "it has begun", tone: "soft small" }]),
      step(488, "watch", "every 5 to 15 s, unless wait is false"),
      `<path class="line" d="M${spine} 544V572M122 572H758"/>`,
      ...ends.map(drawEnd),
    ],
  );
}

const ends: readonly { name: string; tone: string; ink: string; why: string; next: readonly string[] }[] = [
  {
    name: "synced",
    tone: "good",
    ink: "green",
    why: "every node is up to date",
    next: ["sends nothing, until an input", "changes or nodes fall behind"],
  },
  {
    name: "failed",
    tone: "bad",
    ink: "red",
    why: "some nodes are not",
    next: ["repeats the sync for the", "nodes that are left"],
  },
  {
    name: "inProgress",
    tone: "open",
    ink: "amber",
    why: "out of time, out of sight, Ctrl-C",
    next: ["looks, goes on watching,", "sends nothing that runs"],
  },
  {
    name: "accepted",
    tone: "act",
    ink: "blue",
    why: "wait: false, not watched",
    next: ["sends nothing; a refresh", "tells how it went"],
  },
];

function drawEnd({ name, tone, ink, why, next }: (typeof ends)[number], index: number): string {
  const x = 24 + index * 212;
  const middle = x + 98;
  return [
    arrow(`M${middle} 572V592`),
    box(x, 596, 196, 56, tone),
    lines(
      middle,
      619,
      [
        { text: name, tone: `${ink} mono strong` },
        { text: why, tone: "ink small" },
      ],
      "middle",
    ),
    arrow(`M${middle} 652V672`),
    lines(
      middle,
      690,
      [
        { text: "the next pulumi up", tone: "soft small" },
        ...next.map((text): Line => ({ text, tone: "ink small" })),
      ],
      "middle",
    ),
  ].join("");
}

function step(y: number, name: string, what: string, tone = "paper"): string {
  const texts = [
    { text: name, tone: "ink strong" },
    { text: what, tone: "soft small" },
  ];
  return `${box(spine - half, y, 2 * half, 56, tone)}${lines(spine, y + 24, texts, "middle")}`;
}

/** What leads away from a step to the right. */
function aside(y: number, tone: "bad" | "open", name: string, what: string): string {
  const joined = y === 424 ? "" : arrow(`M${spine + half} ${y + 28}H${right - 4}`);
  return `${joined}${box(right, y, 296, 56, tone)}${lines(right + 16, y + 24, [
    { text: name, tone: "ink strong" },
    { text: what, tone: "soft small" },
  ])}`;
}

/** What leads back to the step at this height, on the left. */
function loop(y: number, ...texts: string[]): string {
  const x = spine - half;
  return `${arrow(`M${x} ${y + 16}H${x - 30}V${y - 14}H${x - 4}`)}${lines(
    x - 142,
    y - 4,
    texts.map((text) => ({ text, tone: "soft" })),
  )}`;
}
