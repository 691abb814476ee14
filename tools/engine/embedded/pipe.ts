import { execFile } from "node:child_process";
import { constants, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** The two ends of a pipe, as file descriptors. The reader sees the end of it when the write end is closed. */
export interface Pipe {
  readonly readEnd: number;
  closeReadEnd(): Promise<void>;
  closeWriteEnd(): Promise<void>;
}

/**
 * Makes a real pipe: the CLI gives its plugins one, and a program can tell it from the socket that Node.js gives
 * its children by that name. Undefined where there is no `mkfifo`, as on Windows.
 */
export async function makePipe(): Promise<Pipe | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "engine-pipe-"));
  const path = join(folder, "pipe");
  try {
    await promisify(execFile)("mkfifo", [path]);
    // Opened for reading and writing, so that neither this call nor the next waits for somebody at the other end.
    const writer = await open(path, constants.O_RDWR);
    const reader = await open(path, constants.O_RDONLY);
    return {
      readEnd: reader.fd,
      closeReadEnd: () => reader.close(),
      closeWriteEnd: () => writer.close(),
    };
  } catch {
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
