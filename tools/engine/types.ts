import type { OpType } from "@pulumi/pulumi/automation/index.js";

/** A Pulumi engine that can run the program of a project folder: the embedded stand-in, or a real CLI. */
export interface Engine {
  /** For people: "embedded engine" or "Pulumi CLI v3.270.0". */
  readonly name: string;
  readonly kind: "embedded" | "cli";
  /**
   * Opens a stack, and creates it when `home` does not hold it yet. Rejects with a message for the user when
   * the project cannot be read or the passphrase does not fit the stack.
   */
  openStack(options: StackOptions): Promise<Stack>;
}

/** Which stack to open, and where everything about it is kept. */
export interface StackOptions {
  /** The folder of Pulumi.yaml. Nothing is ever written into it. */
  projectDir: string;
  /**
   * The folder for state, config and the engine's own files; created when missing. Stacks that share a home can
   * refer to each other with `pulumi.StackReference`, as `organization/<project>/<stack>`.
   */
  home: string;
  /** Name of the stack; default "dev". */
  stack?: string;
  /** Config of the stack, set as with {@link Stack.setConfig}. */
  config?: StackConfig;
  /**
   * Added to the environment of every child process. PULUMI_CONFIG_PASSPHRASE is read from here (then from the
   * environment of this process); without it {@link LOCAL_PASSPHRASE} is used.
   */
  environment?: Record<string, string>;
  /** Called with each line of terminal output as it comes, without its line feed. */
  onLine?: (line: string) => void;
}

/**
 * Config by key: `namespace:name`, or a plain `name` in the namespace of the project. A list is what a project
 * declares as `type: array`; the CLI does not take its JSON text there.
 */
export type StackConfig = Record<string, string | { secret: string } | readonly string[]>;

/** The passphrase of stacks that were given none. It is printed here, so it protects nothing: local tests only. */
export const LOCAL_PASSPHRASE = "local-stack-no-secret";

/** One stack of one project. Only one operation may run at a time. */
export interface Stack {
  /**
   * Runs the program and reports what an update would do; state does not change. `debug` shows the CLI's debug messages;
   * the embedded engine has none.
   */
  preview(options?: { debug?: boolean }): Operation;
  /**
   * `pulumi up --yes --skip-preview`. `refresh` reads every resource first; `parallel` limits the resource
   * operations at a time (default 4 for each CPU, as in the CLI); `debug` is that of {@link preview}.
   */
  up(options?: { refresh?: boolean; parallel?: number; debug?: boolean }): Operation;
  /** Reads every resource of the state from its provider; the program does not run. */
  refresh(): Operation;
  /** Deletes every resource of the state; the program does not run. */
  destroy(): Operation;
  /** Sets config values and keeps the others. Secrets are stored encrypted. */
  setConfig(config: StackConfig): Promise<void>;
  /** The state in the layout of `pulumi stack export`. Secrets stay encrypted unless `showSecrets`. */
  exportState(options?: { showSecrets?: boolean }): Promise<Deployment>;
  /** The stack's outputs in plain, secrets included. */
  outputs(): Promise<Record<string, unknown>>;
  /** Absolute paths of every file under `home`, for those who search them for what must not be there. */
  files(): Promise<string[]>;
}

/** An operation under way. */
export interface Operation {
  /** Never rejects for what goes wrong in a program or a provider: that is a result with `ok: false`. */
  readonly result: Promise<Result>;
  /**
   * One Ctrl-C: providers get the Cancel call, what is under way is waited for, nothing new begins. A second
   * call does nothing.
   */
  interrupt(): void;
  /**
   * The engine dies at once, as by SIGKILL, and the program with it: state stays as last written, pending
   * operations included. Providers are not killed; their standard input ends.
   */
  kill(): void;
  /** Process ids of the dynamic-provider processes of this operation that are still alive. */
  providerPids(): number[];
}

/** How an operation went. */
export interface Result {
  /** Whether the CLI would exit with 0. An error that a provider only logs does not change that. */
  ok: boolean;
  /** Every step that began, in order, without the hidden default provider. */
  steps: ResultStep[];
  /** Number of resources by what was done, as in the CLI's summary: `{ create: 2, same: 1 }`. */
  changes: Record<string, number>;
  diagnostics: Diagnostic[];
  /** All terminal output. */
  text: string;
}

/** One step on one resource; `op` is the CLI's word for it. */
export interface ResultStep {
  op: OpType;
  urn: string;
  type: string;
  name: string;
}

/** A message of the engine, the program or a provider. Values of config secrets are masked in it. */
export interface Diagnostic {
  /** The resource it is about; left out when it is about the whole stack. */
  urn?: string;
  severity: "info" | "warning" | "error";
  message: string;
  /** A status message: shown while the resource is worked on, gone afterwards. */
  ephemeral?: boolean;
}

/** The state of a stack, as `pulumi stack export` prints it. */
export interface Deployment {
  version: number;
  deployment: {
    manifest: { time: string; magic: string; version: string };
    secrets_providers?: { type: string; state: { salt: string } };
    resources?: StateResource[];
    pending_operations?: { resource: StateResource; type: string }[];
    metadata?: Record<string, unknown>;
  };
}

/** One resource of an exported state: the fields that tests look at; all others are there too. */
export interface StateResource {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  delete?: boolean;
  external?: boolean;
  parent?: string;
  provider?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[]>;
  initErrors?: string[];
  [field: string]: unknown;
}
