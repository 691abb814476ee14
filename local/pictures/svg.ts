/** The parts that the pictures are made of: text stays text, colours follow the reader's light or dark mode. */

/** A line of text; `tone` is a class of {@link picture}. */
export interface Line {
  readonly text: string;
  readonly tone?: string;
}

const light = `.paper { fill: #ffffff; stroke: #d1d9e0; }
.tint { fill: #f6f8fa; stroke: #d1d9e0; }
.ink { fill: #1f2328; }
.soft { fill: #59636e; }
.blue { fill: #0969da; }
.green { fill: #1a7f37; }
.amber { fill: #9a6700; }
.red { fill: #d1242f; }
.line { stroke: #818b98; fill: none; }
.head { fill: #818b98; }
.good { fill: #dafbe1; stroke: #1a7f37; }
.bad { fill: #ffebe9; stroke: #d1242f; }
.open { fill: #fff8c5; stroke: #9a6700; }
.act { fill: #ddf4ff; stroke: #0969da; }`;

const dark = `.paper { fill: #0d1117; stroke: #3d444d; }
.tint { fill: #151b23; stroke: #3d444d; }
.ink { fill: #f0f6fc; }
.soft { fill: #9198a1; }
.blue { fill: #4493f8; }
.green { fill: #3fb950; }
.amber { fill: #d29922; }
.red { fill: #f85149; }
.line { stroke: #7d8590; fill: none; }
.head { fill: #7d8590; }
.good { fill: #12261e; stroke: #3fb950; }
.bad { fill: #25171c; stroke: #f85149; }
.open { fill: #272115; stroke: #d29922; }
.act { fill: #121d2f; stroke: #4493f8; }`;

const fonts = `text { font-family: ui-sans-serif, system-ui, -apple-system, "Segoe UI", "DejaVu Sans", Arial, sans-serif; font-size: 13px; }
.mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; }
.small { font-size: 11px; }
.strong { font-weight: 600; }`;

/** A whole picture. `style` adds rules of its own. */
export function picture(
  width: number,
  height: number,
  { title, description, style = "" }: { title: string; description: string; style?: string },
  body: readonly string[],
): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description">
<title id="title">${asText(title)}</title>
<desc id="description">${asText(description)}</desc>
<style>
${fonts}
${light}
@media (prefers-color-scheme: dark) {
${dark}
}
${style}</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0 8 4 0 8Z"/></marker></defs>
${body.join("\n")}
</svg>
`;
}

/** A box with rounded corners. */
export function box(x: number, y: number, width: number, height: number, tone = "paper", round = 8): string {
  return `<rect class="${tone}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}"/>`;
}

/** Lines of text below each other, 17 pixels apart; the first one's baseline is at `y`. */
export function lines(
  x: number,
  y: number,
  texts: readonly Line[],
  anchor: "start" | "middle" = "start",
): string {
  const where = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
  return texts
    .map(
      ({ text, tone = "ink" }, index) =>
        `<text class="${tone}" x="${x}" y="${y + index * 17}"${where}>${asText(text)}</text>`,
    )
    .join("");
}

/** A line with a tip at its end, through the points of an SVG path. */
export function arrow(path: string): string {
  return `<path class="line" marker-end="url(#tip)" d="${path}"/>`;
}

/** Text as it stands between tags. */
export function asText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
