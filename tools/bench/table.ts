/** One figure of ours, beside the same figure of the other side where there is one. */
export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  readonly other?: number;
  readonly bound?: Bound;
}

/** What has to hold for a figure of ours, or for its ratio to the other side's. */
export interface Bound {
  readonly of: "ours" | "ratio";
  readonly most?: number;
  readonly least?: number;
}

/** Rows that belong together. */
export interface Section {
  readonly title: string;
  /** Who the other side is, and how both were measured, as sentences. */
  readonly how: string;
  readonly rows: readonly Row[];
}

const headings = ["", "ours", "other side", "ratio", "bound", ""] as const;

/** The ratio of ours to the other side's; undefined when there is no other side. */
function ratioOf({ ours, other }: Row): number | undefined {
  return other === undefined ? undefined : ours / other;
}

/** Whether the bound of a row is met; undefined when it has none. A bound on a ratio without other side is not met. */
export function isMet(row: Row): boolean | undefined {
  if (row.bound === undefined) return undefined;
  const { of, most = Number.POSITIVE_INFINITY, least = Number.NEGATIVE_INFINITY } = row.bound;
  const value = (of === "ours" ? row.ours : ratioOf(row)) ?? Number.NaN;
  return value <= most && value >= least;
}

/** The sections as text, in columns of one width throughout. */
export function formatTable(sections: readonly Section[]): string {
  const lines = [headings, ...sections.flatMap(({ rows }) => rows.map(cells))];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const format = (line: readonly string[]) =>
    line
      .map((cell, column) => pad(cell, column, widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [
    format(headings),
    ...sections.map(({ title, how, rows }) =>
      [
        "",
        title,
        ...wrap(how, 100).map((line) => `  ${line}`),
        ...rows.map((row) => format(cells(row))),
      ].join("\n"),
    ),
  ].join("\n");
}

function cells(row: Row): string[] {
  const { what, unit, ours, other, bound } = row;
  const figure = (value: number | undefined) =>
    value === undefined ? "" : `${formatNumber(value)} ${unit}`.trim();
  const met = isMet(row);
  return [
    `  ${what}`,
    figure(ours),
    figure(other),
    ratioOf(row)?.toFixed(2) ?? "",
    bound === undefined ? "" : boundText(bound, unit),
    met === undefined ? "" : met ? "met" : "MISSED",
  ];
}

function boundText({ of, most, least }: Bound, unit: string): string {
  const value = `${most === undefined ? `>= ${least}` : `<= ${most}`}`;
  return of === "ratio" ? `ratio ${value}` : `${value} ${unit}`;
}

/** Three digits that count, and whole numbers in full. */
function formatNumber(value: number): string {
  const digits = Number.isInteger(value) || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Words to the left, numbers to the right. */
function pad(cell: string, column: number, width: number): string {
  return column === 0 || column >= 4 ? cell.padEnd(width) : cell.padStart(width);
}

function wrap(text: string, width: number): string[] {
  return text.match(new RegExp(`.{1,${width}}(?:\\s|$)`, "g"))?.map((line) => line.trimEnd()) ?? [];
}
