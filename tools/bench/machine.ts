import { arch, availableParallelism, cpus, platform, totalmem } from "node:os";

/** The machine in a line: what it is, but neither its name nor anybody's path. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  const memory = (totalmem() / 1024 ** 3).toFixed(1);
  return `${availableParallelism()} cores of ${model}, ${memory} GiB of memory, ${platform()} ${arch()}, Node ${process.versions.node}`;
}
