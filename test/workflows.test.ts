import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { parseYaml } from "../tools/engine/yaml.ts";
import { root, textOf } from "./support/root.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, unknown>;
}

interface Workflow {
  readonly on: Record<string, unknown>;
  readonly permissions: Record<string, string>;
  readonly jobs: Record<
    string,
    { readonly steps: Step[]; readonly strategy?: { readonly matrix: { readonly node: number[] } } }
  >;
}

interface Form {
  readonly body: {
    readonly id?: string;
    readonly attributes: { readonly label?: string; readonly value?: string };
  }[];
}

const parse = (file: string): unknown => parseYaml(file, textOf(file));
const workflow = (name: string) => parse(`.github/workflows/${name}`) as Workflow;
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps);
const manifest = JSON.parse(textOf("package.json"));

describe("the workflow", () => {
  for (const name of readdirSync(`${root}/.github/workflows`)) {
    it(`${name} runs only what package.json has, and pins its actions`, () => {
      const steps = stepsOf(workflow(name));
      const scripts = steps.flatMap(({ run = "" }) => [
        ...run.matchAll(/npm (?:run )?(test|start|run \S+)/g),
      ]);
      assert.ok(scripts.length > 0);
      for (const [, script = ""] of scripts) assert.ok(Object.hasOwn(manifest.scripts, script), script);
      for (const { uses } of steps.filter(({ uses }) => uses !== undefined))
        assert.match(uses ?? "", /^[\w-]+\/[\w-]+@(v\d+|[0-9a-f]{40})$/);
    });

    it(`${name} may change nothing in the repository`, () => {
      assert.equal(workflow(name).permissions.contents, "read");
    });
  }

  it("ci.yml tests the oldest Node that is supported and two newer ones, itself and with a CLI", () => {
    const ci = workflow("ci.yml");
    const [job] = Object.values(ci.jobs);
    assert.deepEqual(job?.strategy?.matrix.node, [22, 24, 26]);
    assert.ok(manifest.engines.node.startsWith(`>=${job?.strategy?.matrix.node[0]}.`));
    const steps = stepsOf(ci);
    const at = (pattern: RegExp) =>
      steps.findIndex(({ run = "", uses = "" }) => pattern.test(`${run}${uses}`));
    assert.ok(at(/npm ci/) < at(/npm uninstall --no-save node/));
    assert.ok(at(/npm uninstall --no-save node/) < at(/npm test/));
    assert.ok(at(/^pulumi\/actions/) >= 0 && at(/^pulumi\/actions/) < at(/npm test/));
    assert.ok(at(/npm audit --audit-level=high/) > 0);
  });

  it("release.yml publishes a tag of the package's own version, tested, with provenance and without a token", () => {
    const release = workflow("release.yml");
    assert.deepEqual(release.on, { push: { tags: ["v*"] } });
    assert.equal(release.permissions["id-token"], "write");
    const runs = stepsOf(release).map(({ run }) => run ?? "");
    assert.ok(runs.some((run) => run.includes("GITHUB_REF_NAME") && run.includes(".version")));
    assert.ok(runs.indexOf("npm test") < runs.indexOf("npm publish"));
    assert.doesNotMatch(textOf(".github/workflows/release.yml"), /secrets\./);
  });
});

describe("the form for a bug", () => {
  const form = parse(".github/ISSUE_TEMPLATE/bug.yml") as Form;

  it("asks for all that is needed to understand it", () => {
    const ids = form.body.flatMap(({ id }) => id ?? []);
    for (const id of ["error", "inputs", "nodes", "region", "versions"]) assert.ok(ids.includes(id), id);
  });

  it("warns of secrets before anything else", () => {
    assert.match(form.body[0]?.attributes.value ?? "", /^\*\*Take out every secret first\*\*/);
  });
});
