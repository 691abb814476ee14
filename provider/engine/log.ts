import type { Report } from "../sync/report/progress.ts";

/** A way to report to the engine; messages arrive in the order in which they are sent. */
export interface EngineLog {
  /** Messages for the row of the resource with this URN. */
  reportFor(urn: string | undefined): Report;
  /** Resolves when everything that was reported has arrived, or the engine is gone. */
  flush(): Promise<void>;
}

/** The parts of Pulumi's protocol that a log is made of: they come from whatever copy of it the process has. */
export interface LogProtocol {
  readonly credentials: { createInsecure(): unknown };
  readonly EngineClient: new (address: string, credentials: never) => LogClient;
  readonly LogRequest: new () => LogMessage;
  readonly LogSeverity: { readonly WARNING: number; readonly INFO: number };
}

interface LogClient {
  log(request: never, callback: () => void): unknown;
}

interface LogMessage {
  setSeverity(severity: never): unknown;
  setMessage(message: string): unknown;
  setUrn(urn: string): unknown;
  setEphemeral(isEphemeral: boolean): unknown;
}

/**
 * The engine's log at its address.
 * @param protocol undefined where there is no engine: then messages are lines of standard output.
 */
export function createEngineLog(protocol: LogProtocol | undefined, address: string | undefined): EngineLog {
  if (protocol === undefined || address === undefined) {
    const report: Report = (message) => process.stdout.write(`${message}\n`);
    return { reportFor: () => report, flush: () => Promise.resolve() };
  }
  const send = createSender(protocol, address);
  let last = Promise.resolve();
  return {
    reportFor: (urn) => (message, severity) => {
      last = last.then(() => send(message, severity, urn ?? ""));
    },
    flush: () => last,
  };
}

/** The engine's address, which is the last argument of every provider process; undefined where there is none. */
export function engineAddress(argv: readonly string[] = process.argv): string | undefined {
  const address = argv.at(-1) ?? "";
  return /^[^/]+:\d+$/.test(address) ? address : undefined;
}

function createSender({ credentials, EngineClient, LogRequest, LogSeverity }: LogProtocol, address: string) {
  const client = new EngineClient(address, credentials.createInsecure() as never);
  return (message: string, severity: Parameters<Report>[1], urn: string): Promise<void> => {
    const request = new LogRequest();
    request.setSeverity((severity === "warning" ? LogSeverity.WARNING : LogSeverity.INFO) as never);
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(severity === "status");
    // A message that is lost must not cost the sync: the engine may just be ending.
    return new Promise((resolve) => client.log(request as never, () => resolve()));
  };
}
