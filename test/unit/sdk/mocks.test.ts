import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { wireSecret } from "../../../provider/util/wire.ts";
import {
  getNodePool,
  getNodePoolOutput,
  NodePoolSync,
  Provider,
  type ProviderArgs,
} from "../../../sdk/index.ts";

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

describe("a pool that a program looks up in a unit test with Pulumi's mocks", () => {
  const asked: pulumi.runtime.MockCallArgs[] = [];
  const pool = { clusterId: "c", nodePoolId: "n" };
  beforeEach(async () => {
    asked.length = 0;
    await pulumi.runtime.setMocks({
      newResource: ({ inputs }) => ({ id: "id", state: inputs }),
      call: (args) => {
        asked.push(args);
        return { ...args.inputs, synchronizing: true };
      },
    });
  });

  it("is what the mocks say, and no service is asked", async () => {
    assert.equal((await getNodePool(pool)).synchronizing, true);
    const later = getNodePoolOutput({ ...pool, clusterId: pulumi.output("d") });
    assert.equal(await settled(later.synchronizing), true);
    const token = "cce-nodepool-sync:index:getNodePool";
    assert.deepEqual(
      asked.map(({ token, inputs }) => [token, inputs]),
      [
        [token, pool],
        [token, { ...pool, clusterId: "d" }],
      ],
    );
  });

  it("is looked up with a Provider of this package only", async () => {
    const other = new (class extends pulumi.ProviderResource {})("aws", "other");
    const message = /^getNodePool: the option provider is of the package aws; pass a Provider of/;
    await assert.rejects(getNodePool(pool, { provider: other }), { message });
    assert.throws(() => getNodePoolOutput(pool, { provider: other }), { message });
    assert.deepEqual(asked, []);
  });
});

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

  it("is shown how to adopt a pool when it asks for an import, which Pulumi cannot do", () => {
    assert.throws(() => new NodePoolSync("a", args, { import: "c/n" }), {
      __pulumiRunError: true,
      message:
        'NodePoolSync "a": Pulumi cannot import it, because a dynamic resource has no state of its own to import. Remove the option import and create it with onCreate: "nothing", which adopts the pool as it is and resets no node.',
    });
    assert.equal(requests.length, 0);
  });

  it("has the source position of the resource reported to the engine", async () => {
    const line = lineHere() + 1;
    const sync = new NodePoolSync("a", args);
    await settled(sync.urn);
    const [position] = requests.map((request) => request.getSourceposition());
    assert.ok(position?.getUri().endsWith(here), position?.getUri());
    assert.equal(position?.getLine(), line);
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

describe("a provider instance in a program", () => {
  let registered: Record<string, Record<string, unknown>>;
  beforeEach(async () => {
    registered = {};
    await pulumi.runtime.setMocks({
      newResource: ({ type, name, inputs, provider }) => {
        registered[name] = { type, inputs, provider };
        return { id: `${name}-id`, state: inputs };
      },
      call: () => ({}),
    });
  });

  it("hands its settings over under the keys of the configuration, as texts, and secrets as secrets", async () => {
    const provider = new Provider("production", {
      region: "eu-west-101",
      accessKey: pulumi.output("ak"),
      secretKey: Promise.resolve("canary-secret-key"),
      insecure: false,
      endpoints: { cce: pulumi.output("https://cce.example.com") },
      assumeRoleAgencyName: "deployer",
      assumeRoleDuration: 900,
      requestTimeout: 30,
    });
    await settled(provider.urn);
    assert.deepEqual(registered.production?.inputs, {
      "huaweicloud:region": "eu-west-101",
      "huaweicloud:accessKey": "ak",
      "huaweicloud:secretKey": wireSecret("canary-secret-key"),
      "huaweicloud:insecure": "false",
      "huaweicloud:endpoints": '{"cce":"https://cce.example.com"}',
      "huaweicloud:assumeRole": '{"agencyName":"deployer","duration":900}',
      "cce-nodepool-sync:requestTimeout": "30",
      "cce-nodepool-sync:instance": "production",
    });
    assert.equal(registered.production?.type, "pulumi:providers:pulumi-nodejs");
  });

  it("serves the resources that name it, and the children of a component that does", async () => {
    const provider = new Provider("production");
    const parent = new pulumi.ComponentResource("test:index:Group", "group", {}, { provider });
    const syncs = [new NodePoolSync("own", args, { provider }), new NodePoolSync("child", args, { parent })];
    for (const sync of syncs) await settled(sync.urn);
    for (const name of ["own", "child"]) assert.match(String(registered[name]?.provider), /::production-id$/);
  });

  it("refuses a setting that it does not know", () => {
    assert.throws(
      () => new Provider("production", { acessKey: "ak" } as ProviderArgs),
      /^Error: Provider "production": acessKey: is not a setting; the settings are region, cloud, /,
    );
  });

  it("of another package is refused by the resource, before anything is registered", async () => {
    class Foreign extends pulumi.ProviderResource {}
    const provider = new (Foreign as unknown as new (...parts: unknown[]) => Foreign)("huaweicloud", "h", {});
    assert.throws(
      () => new NodePoolSync("workers", args, { provider }),
      /^Error: NodePoolSync "workers": the option provider is of the package huaweicloud; pass a Provider of pulumi-cce-nodepool-sync, or leave it out to use the stack's configuration and the environment$/,
    );
    assert.throws(
      () => new NodePoolSync("workers", args, { provider: {} as pulumi.ProviderResource }),
      /the option provider is no provider/,
    );
    await settled(provider.urn);
    assert.equal(registered.workers, undefined);
  });
});
