import { createInterface } from "node:readline";
import { RemoteRefusal, type Target } from "./target.ts";

/** Where a confirmation comes from. */
export interface ConfirmationSource {
  /** The pool's name, given beforehand in the environment. */
  readonly given: string | undefined;
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

/**
 * Says what will be done to which nodes, and waits for the pool's name.
 * @throws RemoteRefusal when anything else comes, nothing, or nobody is there.
 */
export async function confirm(
  { poolName, nodes, poolSize }: Target,
  { given, input, output }: ConfirmationSource,
): Promise<void> {
  const names = nodes.map(({ name }) => name).join(", ");
  output.write(
    `\nWARNING: this resets ${nodes.length} of ${poolSize} nodes of the node pool ${poolName}, TWICE: ${names}\n` +
      "Their pods are evicted, and their system and data disks are cleared. Allow 40 minutes for each node.\n",
  );
  if (given === undefined && !input.isTTY)
    throw new RemoteRefusal("nobody can confirm it here: set CCE_REMOTE_CONFIRM to the name of the pool");
  const question = `Type the name of the pool to go on (${poolName}): `;
  const typed = (given ?? (await ask(question, input, output))).trim();
  if (typed === "" || typed !== poolName) throw new RemoteRefusal("not confirmed");
}

/** What is typed; empty where the terminal is closed or the user interrupts. */
function ask(question: string, input: NodeJS.ReadStream, output: NodeJS.WriteStream): Promise<string> {
  const terminal = createInterface({ input, output });
  return new Promise((answer) => {
    terminal.on("SIGINT", () => terminal.close());
    terminal.on("close", () => {
      output.write("\n");
      answer("");
    });
    terminal.question(question, (typed) => {
      answer(typed);
      terminal.close();
    });
  });
}
