import { closeSync, constants, fchmodSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { ConfigurationError } from "../errors/errors.ts";

/** A file that takes one line at a time; a process that is killed leaves every line that it has written. */
export interface TraceFile {
  /**
   * Writes a line of JSON, unless the file would become too large, or an earlier line could not be written.
   * @param isSmall whether it may use the room that is kept for what matters most.
   * @returns whether it was written.
   */
  write(line: object, isSmall?: boolean): boolean;
  /** What keeps lines from being written; undefined while nothing does. */
  readonly fault: () => string | undefined;
}

/** The size at which a trace takes no more bodies, in bytes. */
export const largestTrace = 32 * 1024 * 1024;
/** Room behind that for decisions and ends. */
const reserve = 2 * 1024 * 1024;
/** Every line of a trace begins so, which tells a trace from a file that somebody has named by mistake. */
const beginning = '{"trace":';

/**
 * Opens a file to append to, for its owner only.
 * @param size the size at which it takes no more large lines, in bytes.
 * @throws ConfigurationError when it cannot be written, or is something else than a trace.
 */
export function openTraceFile(path: string, size = largestTrace): TraceFile {
  const file = open(path);
  let written = fstatSync(file).size;
  let fault: string | undefined;
  return {
    fault: () => fault,
    write(line, isSmall = false) {
      if (fault !== undefined) return false;
      const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
      if (written + bytes.length > size + (isSmall ? reserve : 0)) return false;
      try {
        written += writeSync(file, bytes);
        return true;
      } catch (error) {
        fault = `${path} could not be written (${(error as NodeJS.ErrnoException).code})`;
        closeSync(file);
        return false;
      }
    },
  };
}

function open(path: string): number {
  const refuse = (why: string) => new ConfigurationError([`trace: ${path} ${why}`]);
  let file: number;
  try {
    const { O_APPEND, O_CREAT, O_RDWR, O_NONBLOCK } = constants;
    file = openSync(path, O_APPEND | O_CREAT | O_RDWR | (O_NONBLOCK ?? 0), 0o600);
  } catch (error) {
    throw refuse(`cannot be opened to write (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    const facts = fstatSync(file);
    if (!facts.isFile()) throw refuse("is not a regular file");
    const start = Buffer.alloc(beginning.length);
    readSync(file, start, 0, start.length, 0);
    if (facts.size > 0 && start.toString() !== beginning)
      throw refuse("exists and is not a trace; name a new file");
    fchmodSync(file, 0o600);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}
