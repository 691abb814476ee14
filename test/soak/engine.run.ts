/**
 * A process of its own that is an engine: it runs `up` of the program of test/fixtures/stack until it is killed.
 * Arguments: the stack's home. The environment is that of the stack.
 */
import { embeddedEngine } from "../../tools/engine/index.ts";
import { root } from "../support/root.ts";

const [home = ""] = process.argv.slice(2);
const stack = await embeddedEngine.openStack({ projectDir: `${root}/test/fixtures/stack`, home });
await stack.up({ parallel: 1000 }).result;
