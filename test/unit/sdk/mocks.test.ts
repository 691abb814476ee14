import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { NodePoolSync } from "../../../sdk/index.ts";

const args = { clusterId: "c", nodePoolId: "n", maxUnavailable: 1 };
/** As it stands in traces, which some versions of Node begin with a URL and others with a path. */
const here = "/test/unit/sdk/mocks.test.ts";

/** The line of this file from which it is called. */
function lineHere(): number {
  const frame = new Error().stack
    ?.split("\n")
    .find((line) => line.includes(here) && !line.includes("lineHere"));
  return Number(frame?.match(/:(\d+):\d+\)?$/)?.[1]);
}

/** The value of an output, once it is known. */
function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/** The registrations that reach the engine's place. */
async function mockEngine(): Promise<{ getSourceposition(): { getUri(): string; getLine(): number } }[]> {
  await pulumi.runtime.setMocks({
    newResource: ({ inputs }) => ({ id: "c/n", state: { ...inputs, status: "synced", wait: true } }),
    call: () => ({}),
  });
  const requests: Awaited<ReturnType<typeof mockEngine>> = [];
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(...parts: unknown[]): unknown;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, ...rest) => {
    requests.push(request as (typeof requests)[number]);
    return register(request, ...rest);
  };
  return requests;
}

describe("a program in a unit test with Pulumi's mocks", () => {
  let requests: Awaited<ReturnType<typeof mockEngine>>;
  beforeEach(async () => {
    requests = await mockEngine();
  });

  it("gets outputs, also of inputs that it left out", async () => {
    const sync = new NodePoolSync("a", args);
    assert.equal(await settled(sync.status), "synced");
    assert.equal(await settled(sync.wait), true);
    assert.equal(await settled(sync.force), undefined);
  });

  it("is told how to adopt a pool when it asks for an import, which Pulumi cannot do", () => {
    assert.throws(() => new NodePoolSync("a", args, { import: "c/n" }), {
      __pulumiRunError: true,
      message:
        'NodePoolSync "a": Pulumi cannot import it, because a dynamic resource has no state of its own to import. Remove the option import and create it with onCreate: "nothing", which adopts the pool as it is and resets no node.',
    });
    assert.equal(requests.length, 0);
  });

  it("has the place where it declares the resource told to the engine", async () => {
    const line = lineHere() + 1;
    const sync = new NodePoolSync("a", args);
    await settled(sync.urn);
    const [place] = requests.map((request) => request.getSourceposition());
    assert.ok(place?.getUri().endsWith(here), place?.getUri());
    assert.equal(place?.getLine(), line);
  });

  for (const [what, name, opts, message] of [
    ["of Pulumi's own", "", {}, /Missing resource name/],
    [
      "of a transformation",
      "a",
      {
        transformations: [
          () => {
            throw new Error("no syncs on Fridays");
          },
        ],
      },
      /no syncs on Fridays/,
    ],
  ] as const) {
    it(`finds its own line in the trace of an error ${what}, and traces after it whole`, () => {
      const limit = Error.stackTraceLimit;
      const line = lineHere() + 2;
      try {
        new NodePoolSync(name, args, opts as unknown as pulumi.CustomResourceOptions);
        assert.fail("nothing was thrown");
      } catch (error) {
        assert.ok(error instanceof Error);
        assert.match(error.message, message);
        assert.ok(error.stack?.includes(`${here}:${line}:`), error.stack);
      }
      assert.equal(Error.stackTraceLimit, limit);
    });
  }
});
