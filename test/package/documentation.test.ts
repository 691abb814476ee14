import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import {
  settings as definitions,
  limits,
  records,
  type SettingDefinition,
} from "../../provider/config/definitions.ts";
import { errorCodes, guidance } from "../../provider/errors/codes.ts";
import { remoteVariables } from "../remote/target.ts";
import { anchorsOf, blocksOf, inlineCodeOf, linksOf, manual, pages } from "../support/markdown.ts";
import { compileAll, type Finding } from "../support/programs/compiler.ts";
import { root, textOf } from "../support/root.ts";

const blocks = pages.flatMap(blocksOf);
const blocksIn = (language: string) => blocks.filter((block) => block.language === language);
const packageJson = JSON.parse(textOf("package.json"));
/** What `npm pack` makes. */
const tarball = `${packageJson.name}-${packageJson.version}.tgz`;

/** Everything that can be set: keys of the Pulumi configuration, and environment variables. */
const settings = [
  ...Object.entries<SettingDefinition>(definitions).flatMap(([key, { aliases = [], variables }]) => [
    ...[key, ...aliases].map((name) => `huaweicloud:${name}`),
    ...variables,
  ]),
  ...Object.entries({ ...limits, ...records }).flatMap(([key, { variables }]) => [
    `cce-nodepool-sync:${key}`,
    ...variables,
  ]),
];

/** The IAM actions of the calls, from the vendor's pages of each call: for policies, and for identity policies. */
const actions = {
  "1.1": [
    "cce:nodepool:update",
    "cce:nodepool:list",
    "cce:node:list",
    "cce:node:get",
    "cce:job:get",
    "cce:cluster:get",
  ],
  "5.0": [
    "cce:nodepool:upgradeNodepool",
    "cce:nodepool:list",
    "cce:node:list",
    "cce:node:getNode",
    "cce:job:get",
    "cce:cluster:getCluster",
  ],
};

/** What Pulumi's CLI knows of the commands and flags that the documentation uses. */
const pulumiCommands: Record<string, readonly string[]> = {
  cancel: [],
  up: ["--refresh", "--parallel", "--continue-on-error"],
  preview: ["--refresh"],
  refresh: ["--clear-pending-creates"],
  destroy: [],
  "config set": ["--path", "--secret"],
  import: [],
  "package add": [],
};

describe("the documentation", () => {
  it("has blocks of the languages that are tried here, and no others", () => {
    const others = blocks.filter(
      ({ language }) => !["ts", "sh", "json", "yaml", "python", "text", "mermaid"].includes(language),
    );
    assert.deepEqual(others, []);
  });

  // The program for the vendor's provider needs what that declares: test/package/examples.test.ts compiles it.
  const programs = blocksIn("ts").filter((block) => !block.code.includes("@huaweicloudos/"));
  const findings = new Map<string, Finding[]>();
  before(() => {
    const usesNode = (code: string) => code.includes('"node:');
    for (const types of [[], ["node"]]) {
      const codes = programs
        .map(({ code }) => code)
        .filter((code) => usesNode(code) === types.includes("node"));
      compileAll(codes, { types }).forEach((found, index) => void findings.set(codes[index] ?? "", found));
    }
  });
  for (const { title, code } of programs)
    it(`has programs that compile: ${title}`, () => assert.deepEqual(findings.get(code), []));

  for (const { title, page, code } of blocksIn("sh")) {
    it(`has commands that exist: ${title}`, () => {
      let folder = dirname(page);
      const lines = code.split("\n").map((line) => line.replace(/#.*/, "").trim());
      for (const line of lines.filter(Boolean)) {
        if (line.startsWith("cd ")) folder = join(folder, line.slice(3));
        assert.ok(existsSync(join(root, folder)), `there is no folder ${folder}`);
        assert.equal(faultOf(line), undefined);
      }
    });
  }

  for (const { title, code } of blocksIn("json")) {
    it(`has JSON that can be read: ${title}`, () => assert.ok(JSON.parse(code)));
  }

  it("has policies with exactly the actions of the calls that are made", () => {
    const policies = blocksIn("json")
      .map(({ code }) => JSON.parse(code))
      .filter(({ Statement }) => Statement);
    const allowed = policies.map(({ Version, Statement: [{ Action }] }) => [Version, Action]);
    assert.deepEqual(Object.fromEntries(allowed), actions);
    const { remedy } = guidance[errorCodes.permissionDenied];
    for (const action of Object.values(actions).flat()) assert.ok(remedy.includes(action), action);
  });

  it("has no link that leads nowhere", () => {
    const broken = pages.flatMap((page) =>
      linksOf(page).flatMap((target) => (leadsSomewhere(page, target) ? [] : [`${page}: ${target}`])),
    );
    assert.deepEqual(broken, []);
  });

  it("names no file or folder of the repository that is not there", () => {
    const ours = /^(provider|sdk|emulator|tools|test|docs|examples|\.github)\/[\w./-]*$/;
    const named = pages.flatMap((page) => inlineCodeOf(page).filter((code) => ours.test(code)));
    assert.ok(named.length > 30);
    assert.deepEqual(
      named.filter((path) => !existsSync(join(root, path))),
      [],
    );
  });

  it("is complete: README leads to every page of docs", () => {
    const missing = manual.filter((page) => page !== "README.md" && !linksOf("README.md").includes(page));
    assert.deepEqual(missing, []);
  });

  it("names no setting, variable or error code that the provider does not know", () => {
    const known = new Set<string>([...settings, ...Object.values(errorCodes)]);
    const names = manual.flatMap((page) =>
      inlineCodeOf(page).filter((code) =>
        /^(HW|OS|CCE_NODEPOOL_SYNC)_\w+$|^(huaweicloud|cce-nodepool-sync):[\w.]+$|^nodepoolsync\//.test(code),
      ),
    );
    assert.ok(names.length > 50);
    const strange = names.filter((name) => !known.has(name));
    // Named to say that it is not supported.
    assert.deepEqual(strange, ["HW_ASSUME_ROLE_IDP_ID"]);
  });

  it("names every setting and every environment variable that is read", () => {
    const named = inlineCodeOf("docs/credentials.md");
    const missing = settings.filter((name) => !named.includes(name));
    assert.deepEqual(missing, []);
  });

  it("shows lines that the provider writes", () => {
    const sources = globSync("{provider,sdk}/**/*.ts", { cwd: root })
      .map(textOf)
      .join("\n")
      .replace(/\\?`/g, "");
    const tables = ["docs/waiting.md", "docs/previews.md"].map(textOf).join("\n");
    const lines = [...tables.matchAll(/^\| `([^`]+)`.*\|$/gm)].map(([, line = ""]) => line);
    assert.ok(lines.length > 15);
    // What stands between the values; units, and the words that depend on a number, are left out.
    const words = lines
      .flatMap((line) => line.split(/[\d…,:;()]+|\b(?:s|min|in|nodes?|reports?|is|are|it|them)\b/))
      .map((part) => part.trim());
    const strange = words.filter((part) => !sources.includes(part));
    assert.deepEqual(strange, []);
  });

  it("names no Node version but the one that the package asks for", () => {
    assert.ok(textOf("README.md").includes(`Node ${packageJson.engines.node.replace(">=", "")} or newer`));
  });
});

describe("README", () => {
  it("begins with two commands that try everything without a cloud", () => {
    const [first] = blocksOf("README.md").filter(({ language }) => language === "sh");
    const commands = first?.code.split("\n").map((line) => line.replace(/#.*/, "").trim());
    assert.deepEqual(commands, ["npm start", "npm test", ""]);
  });
});

/** What is wrong with a command line; undefined when it is one that exists. */
function faultOf(line: string): string | undefined {
  const given = line.split(" ").filter((word) => word !== "" && word !== "--silent");
  const words = withoutAssignments(given);
  const [program = "", command = "", name = ""] = words;
  const flags = words
    .filter((word) => word.startsWith("--") && word !== "--")
    .map((word) => word.split("=")[0] ?? "");
  const fault = `not known: ${line}`;
  if (program === "cd") return undefined;
  if (program === "export") {
    const assigned = words.slice(1).map((word) => word.split("=")[0] ?? "");
    return assigned.every((variable) => settings.includes(variable) || variable in remoteVariables)
      ? undefined
      : fault;
  }
  if (program === "npm" && ["ci", "pack"].includes(command)) return undefined;
  if (program === "npm" && command === "install") return name.endsWith(tarball) ? undefined : fault;
  if (program === "npm") {
    const script = command === "run" ? name : command;
    if (packageJson.scripts[script] === undefined) return fault;
    return flags.every((flag) => scriptFlags(script).includes(flag)) ? undefined : fault;
  }
  // The emulator's control address, as its command prints it.
  if (program === "curl") return /^curl -X POST \$CONTROL\/(drift|fail)\b/.test(line) ? undefined : fault;
  if (program === "npx") return existsSync(`${root}/node_modules/.bin/${command}`) ? undefined : fault;
  if (program === "pulumi") {
    const known = pulumiCommands[["config", "package"].includes(command) ? `${command} ${name}` : command];
    return known !== undefined && flags.every((flag) => known.includes(flag)) ? undefined : fault;
  }
  return fault;
}

/** A command without the variables that are set for it, such as `CCE_REMOTE=1`. */
function withoutAssignments(words: readonly string[]): readonly string[] {
  const isAssigned = (word = "") => Object.keys(remoteVariables).includes(word.split("=")[0] ?? "");
  return words.slice(words.findIndex((word) => !isAssigned(word)));
}

/** The flags that a script of package.json takes, as it says itself. */
function scriptFlags(script: string): string[] {
  const file = /^node (\S+\.ts)$/.exec(packageJson.scripts[script])?.[1];
  if (!["emulator", "replay"].includes(script) || file === undefined) return [];
  const usage = execFileSync(process.execPath, [file, "--help"], { cwd: root, encoding: "utf8" });
  return usage.match(/--[a-z-]+/g) ?? [];
}

function leadsSomewhere(page: string, target: string): boolean {
  if (/^https?:\/\//.test(target)) return true;
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : normalize(join(dirname(page), path));
  if (!existsSync(`${root}/${file}`)) return false;
  return anchor === undefined || anchorsOf(file).includes(anchor);
}
