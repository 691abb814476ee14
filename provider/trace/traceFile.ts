import { closeSync, constants, fchmodSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { ConfigurationError } from "../errors/errors.ts";

/** A file that takes one line at a time; a process that is killed leaves every line that it has written. */
export interface TraceFile {
  /**
   * Writes a line of JSON, unless the file would become too large, or an earlier line could not be written.
   * @param isSmall whether it may use the space that is kept for what matters most.
   * @returns whether it was written.
   */
  write(line: object, isSmall?: boolean): boolean;
  /** What keeps the file from holding everything; undefined while nothing does. */
  readonly fault: () => string | undefined;
}

/** The size at which a trace takes no more bodies, in bytes. */
export const largestTrace = 32 * 1024 * 1024;
/** Room behind that for decisions and ends. */
const reserve = 2 * 1024 * 1024;
/** Every line of a trace begins so, which distinguishes a trace from a file that was named by mistake. */
const beginning = '{"trace":';
const newline = "\n";

/**
 * Opens a file to append to, for its owner only.
 * @param size the size at which it takes no more large lines, in bytes.
 * @throws ConfigurationError when it cannot be written, or is something else than a trace.
 */
export function openTraceFile(path: string, size = largestTrace): TraceFile {
  const file = open(path);
  let isBroken = false;
  let fault: string | undefined;

  function append(bytes: Buffer): boolean {
    try {
      // Less is written where the disk is full.
      if (writeSync(file, bytes) === bytes.length) return true;
      fault = `${path} could not be written (the disk is full)`;
    } catch (error) {
      fault = `${path} could not be written (${codeOf(error)})`;
    }
    isBroken = true;
    closeSync(file);
    return false;
  }

  return {
    fault: () => fault,
    write(line, isSmall = false) {
      if (isBroken) return false;
      const bytes = Buffer.from(JSON.stringify(line) + newline);
      // Other processes may append to it as well.
      const isTooLarge = fstatSync(file).size + bytes.length > size + (isSmall ? reserve : 0);
      if (!isTooLarge) return append(bytes);
      fault ??= `${path} is full, name a new file`;
      return false;
    },
  };
}

function open(path: string): number {
  const refuse = (why: string) => new ConfigurationError([`trace: ${path} ${why}`]);
  let file: number;
  try {
    const { O_APPEND, O_CREAT, O_RDWR, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;
    file = openSync(path, O_APPEND | O_CREAT | O_RDWR | O_NONBLOCK | O_NOFOLLOW, 0o600);
  } catch (error) {
    if (codeOf(error) === "ELOOP") throw refuse("is a symbolic link; name the file itself");
    throw refuse(`cannot be opened to write (${codeOf(error)})`);
  }
  try {
    const { size } = assertTrace(file, refuse);
    restrict(file, refuse);
    // A process that ran out of space or was killed in the middle of a line must not spoil the first one of ours.
    if (size > 0 && textAt(file, size - 1, 1) !== newline) writeSync(file, newline);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

type Refuse = (why: string) => ConfigurationError;

function assertTrace(file: number, refuse: Refuse): { readonly size: number } {
  const facts = fstatSync(file);
  if (!facts.isFile()) throw refuse("is not a regular file");
  if (facts.size > 0 && textAt(file, 0, beginning.length) !== beginning)
    throw refuse("exists and is not a trace; name a new file");
  return facts;
}

function restrict(file: number, refuse: Refuse): void {
  try {
    fchmodSync(file, 0o600);
  } catch (error) {
    throw refuse(`cannot be kept from other users (${codeOf(error)}); name a new file`);
  }
}

function textAt(file: number, position: number, length: number): string {
  const bytes = Buffer.alloc(length);
  readSync(file, bytes, 0, length, position);
  return bytes.toString();
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code);
}
