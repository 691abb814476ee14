import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { parseYaml } from "../tools/engine/yaml.ts";
import { root, textOf } from "./support/root.ts";

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Workflow {
  on: Record<string, { branches?: string[] } | null>;
  concurrency: { "cancel-in-progress": boolean };
  env: Record<string, string>;
  jobs: Record<string, { if: string; steps: Step[] }>;
}

const file = "examples/ci/.github/workflows/pulumi.yml";

/** Inputs of the actions, from the action.yml of each: those that somebody who copies the workflow may use. */
const inputs: Record<string, readonly string[]> = {
  "actions/checkout": ["ref", "fetch-depth", "persist-credentials"],
  "actions/setup-node": ["node-version", "node-version-file", "cache", "registry-url"],
  "pulumi/actions": [
    "command",
    "stack-name",
    "work-dir",
    "comment-on-pr",
    "github-token",
    "cloud-url",
    "upsert",
  ],
};

describe("the example's workflow", () => {
  const workflow = parseYaml(file, textOf(file)) as unknown as Workflow;
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
  const commandsOf = (job: string) =>
    (workflow.jobs[job]?.steps ?? []).filter(({ uses }) => uses?.startsWith("pulumi/actions@"));

  it("previews pull requests, and deploys what is pushed to main", () => {
    assert.deepEqual(Object.keys(workflow.on), ["pull_request", "push"]);
    assert.deepEqual(workflow.on.push, { branches: ["main"] });
    assert.match(workflow.jobs.preview?.if ?? "", /event_name == 'pull_request'/);
    assert.deepEqual(
      commandsOf("preview").map((step) => step.with?.command),
      ["preview"],
    );
    assert.match(workflow.jobs.deploy?.if ?? "", /event_name == 'push'/);
    assert.deepEqual(
      commandsOf("deploy").map((step) => step.with?.command),
      ["up"],
    );
  });

  it("works on one stack, and never breaks off a run that watches a sync", () => {
    const stacks = new Set(
      steps.map((step) => step.with?.["stack-name"]).filter((name) => name !== undefined),
    );
    assert.deepEqual([...stacks], ["prod"]);
    assert.equal(workflow.concurrency["cancel-in-progress"], false);
  });

  it("pins each action by its major version, and uses inputs that it has", () => {
    const used = steps.filter(({ uses }) => uses !== undefined);
    assert.ok(used.length > 0);
    for (const { uses = "", with: given = {} } of used) {
      const [, action = ""] = /^([\w-]+\/[\w-]+)@v\d+$/.exec(uses) ?? [];
      const known = inputs[action];
      assert.ok(known !== undefined, uses);
      for (const name of Object.keys(given)) assert.ok(known.includes(name), `${uses} has no input ${name}`);
    }
  });

  it("takes credentials from the repository's secrets, under names that the provider reads", () => {
    const files = readdirSync(`${root}/provider`, { recursive: true, encoding: "utf8" });
    const sources = files.filter((name) => name.endsWith(".ts"));
    const product = sources.map((name) => textOf(`provider/${name}`)).join("\n");
    for (const [name, value] of Object.entries(workflow.env)) {
      const store = name === "HW_REGION_NAME" ? "vars" : "secrets";
      assert.equal(value, `\${{ ${store}.${name} }}`);
      if (name.startsWith("HW_")) assert.ok(product.includes(`"${name}"`), name);
      assert.ok(textOf("examples/ci/README.md").includes(`\`${name}\``), name);
    }
    const names = Object.keys(workflow.env);
    for (const name of ["HW_REGION_NAME", "HW_ACCESS_KEY", "HW_SECRET_KEY"])
      assert.ok(names.includes(name), name);
  });

  it("has a Node that the package supports", () => {
    const { engines } = JSON.parse(textOf("package.json"));
    const oldest = Number.parseInt(engines.node.replace(">=", ""), 10);
    const versions = steps
      .map((step) => step.with?.["node-version"])
      .filter((version) => version !== undefined);
    assert.ok(versions.length > 0);
    for (const version of versions) assert.ok(Number(version) >= oldest, String(version));
  });
});
