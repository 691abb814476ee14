import { readdirSync, readFileSync } from "node:fs";

/**
 * Processes as Linux shows them. On other systems no process has children here, and what is asked of one is undefined.
 */

/** Ids of all processes that a process has started, directly or through others, and that have not ended. */
export function descendantsOf(pid: number): number[] {
  const byParent = Map.groupBy(processIds(), (each) => parentOf(each));
  const below = (parent: number): number[] =>
    (byParent.get(parent) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

/** What a process was started with; undefined when it has ended meanwhile. */
export function launchOf(pid: number): { command: string; environment: Record<string, string> } | undefined {
  const command = read(`/proc/${pid}/cmdline`)?.replaceAll("\0", " ").trim();
  const environment = read(`/proc/${pid}/environ`)?.split("\0").filter(Boolean);
  if (!command || environment === undefined) return undefined;
  const entries = environment.map((entry) => entry.split(/=(.*)/s).slice(0, 2));
  return { command, environment: Object.fromEntries(entries) };
}

/** Whether a process has ended; one whose end nobody has taken note of has ended too. */
export function hasEnded(pid: number): boolean {
  const state = read(`/proc/${pid}/status`)?.match(/^State:\s+(\S)/m)?.[1];
  return state === undefined || state === "Z" || state === "X";
}

/** The most memory that a process has ever had in use (VmHWM), in MB of 1,000,000 bytes. */
export function peakMemoryOf(pid: number): number | undefined {
  const kibibytes = read(`/proc/${pid}/status`)?.match(/^VmHWM:\s+(\d+) kB/m)?.[1];
  return kibibytes === undefined ? undefined : Math.round((Number(kibibytes) * 1024) / 1e6);
}

function processIds(): number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

/** The name of the program, which stands in brackets before it, may hold anything. */
function parentOf(pid: number): number | undefined {
  const parent = read(`/proc/${pid}/stat`)?.match(/^.*\) \S (\d+)/s)?.[1];
  return parent === undefined ? undefined : Number(parent);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
