import { execFileSync } from "node:child_process";

interface ProcessEntry {
  pid: number;
  parent: number;
  command: string;
}

/** Every process below a process, as `ps` shows them; none where there is no `ps`. */
export function descendantsOf(root: number): ProcessEntry[] {
  const all = listProcesses();
  const found: ProcessEntry[] = [];
  const parents = new Set([root]);
  // A child may be listed before its parent, so look until nothing new is found.
  for (let before = -1; before !== found.length; ) {
    before = found.length;
    for (const entry of all) {
      if (!parents.has(entry.parent) || parents.has(entry.pid)) continue;
      parents.add(entry.pid);
      found.push(entry);
    }
  }
  return found;
}

/** Whether a process is one that serves dynamic providers: its last argument is the engine's address. */
export function isDynamicProvider({ command }: ProcessEntry): boolean {
  return /\/@pulumi\/pulumi\/cmd\/dynamic-provider(\/index\.js)? \S+$/.test(command);
}

/** Whether a process belongs to the plugin that serves dynamic providers, its shell included. */
export function belongsToDynamicProvider(entry: ProcessEntry): boolean {
  return isDynamicProvider(entry) || entry.command.includes("pulumi-resource-pulumi-nodejs");
}

/** Whether a process runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function listProcesses(): ProcessEntry[] {
  let output: string;
  try {
    output = execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" });
  } catch {
    return [];
  }
  return output.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return match ? [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3] ?? "" }] : [];
  });
}
