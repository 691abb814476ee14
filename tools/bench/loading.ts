import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { interleave } from "./measure.ts";
import type { Section } from "./table.ts";
import { vendorFolder } from "./vendor.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const rounds = 15;

/** Loading the provider's entry point against loading the vendor's SDK, each in a fresh process. */
export async function measureLoading(): Promise<Section> {
  const results = await interleave(
    {
      bare: () => timeNode(root, ""),
      ours: () => timeNode(root, 'await import("pulumi-cce-nodepool-sync/provider")'),
      other: () =>
        timeNode(
          vendorFolder,
          'await import("@huaweicloud/huaweicloud-sdk-core"); await import("@huaweicloud/huaweicloud-sdk-cce")',
        ),
    },
    rounds,
    { warmUp: true },
  );
  const bare = Math.min(...results.bare);
  const ours = Math.min(...results.ours);
  const other = Math.min(...results.other);
  return {
    title: "3. Loading",
    how: `Against the vendor's SDK, core and cce. From the start of a fresh process to its end; the fastest of ${rounds} rounds, since all that makes one slower is something else on the machine. The bound is on the time with Node's own taken off on both sides.`,
    rows: [
      { what: "a bare node process", unit: "ms", ours: bare, other: bare },
      { what: "whole process", unit: "ms", ours, other },
      {
        what: "loading alone",
        unit: "ms",
        ours: ours - bare,
        other: other - bare,
        bound: { of: "ratio", most: 0.2 },
      },
    ],
  };
}

/** Milliseconds that a Node process takes for a script of ES module code. */
function timeNode(cwd: string, script: string): number {
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    cwd,
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the process to be measured failed: ${stderr}`);
  return performance.now() - begun;
}
