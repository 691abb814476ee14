import type { SettingDefinition } from "../../provider/config/definitions.ts";
import { functionName } from "../../provider/nodePoolSync/poolLookUp.ts";
import { instanceSettings, pluginName } from "../../provider/plugin/settings.ts";
import { resourceType } from "../../sdk/dynamicProvider.ts";
import {
  collectNamed,
  describe,
  failedNode,
  inputs,
  isFilledIn,
  lookUp,
  poolNode,
  progress,
  type Schema,
  withDefault,
} from "./schemas.ts";

/**
 * The Pulumi schema of the plugin, from which SDKs for other languages are generated and which YAML programs are
 * checked against. What only a release knows is not in it: the plugin adds its version and the repository.
 */

type Json = Record<string, unknown>;

const module = `${pluginName}:index`;
const anything = { $ref: "pulumi.json#/Any" };

const namedTypes = collectNamed(inputs);

/** The schema without version and repository. */
export function pluginSchema(): Json {
  const config = objectOf(instanceSettings, configProperty);
  return {
    name: pluginName,
    displayName: "CCE node pool sync",
    description:
      "Synchronizes the node configurations of Huawei Cloud CCE node pools, and watches it node by node.",
    keywords: ["pulumi", "huaweicloud", "cce", "kubernetes", "nodepool", "category/cloud"],
    license: "Apache-2.0",
    meta: { moduleFormat: "(.*)" },
    config: { variables: config },
    provider: {
      description:
        "Where clusters are found and how to authenticate. A setting that is left out comes from the environment. Each instance has credentials and limits of its own.",
      properties: objectOf(
        Object.fromEntries(Object.entries(instanceSettings).filter(([, { secret }]) => !secret)),
        configProperty,
      ),
      inputProperties: config,
    },
    types: Object.fromEntries(
      [...namedTypes, failedNode, poolNode].map((schema) => [token(schema), namedType(schema)]),
    ),
    resources: { [`${module}:NodePoolSync`]: resource() },
    functions: { [`${module}:${functionName}`]: lookUpFunction() },
    language: languages(),
  };
}

function resource(): Json {
  const own = Object.entries(inputs.properties ?? {});
  const outputs = Object.entries(progress.properties ?? {});
  const filledIn = own.filter(([, schema]) => isFilledIn(schema)).map(([name]) => name);
  return {
    description: resourceText,
    properties: { ...properties(own), ...properties(outputs) },
    required: [...(inputs.required ?? []), ...filledIn, ...(progress.required ?? [])],
    inputProperties: properties(own),
    requiredInputs: inputs.required,
    aliases: [{ type: resourceType }],
  };
}

function lookUpFunction(): Json {
  const { args, result } = lookUp;
  return {
    description: functionText,
    inputs: object(args, "The arguments."),
    outputs: object(result, "A node pool, as the service shows it."),
  };
}

const functionText = [
  "Looks a node pool up, whoever manages it: its nodes and their phases, which of them report being outdated, and whether",
  "a sync is running. Sends nothing that changes anything, and needs the permissions to list pools and nodes.",
].join("\n");

const resourceText = [
  "Brings the existing nodes of a CCE node pool to the pool's current configuration, by Huawei Cloud's operation",
  '"Synchronizing Node Configurations in a Node Pool". **Nodes are reset by it**: their system and data disks are',
  "cleared and their pods are evicted, `maxUnavailable` nodes at a time.",
  "",
  "Creating the resource synchronizes the nodes that do not report being up to date (see `onCreate`); a change of",
  "`nodeTemplate` or `triggers` synchronizes all of them (see `onChange`). Both wait until every such node is proven to",
  "have been reset. An unchanged resource sends nothing, unless nodes have fallen behind; deleting it undoes nothing.",
  "",
  "## Import",
  "",
  "The ID is `<clusterId>/<nodePoolId>`. Importing resets nothing: nodes that are behind are adopted as they are.",
].join("\n");

function properties(entries: readonly (readonly [string, Schema])[]): Json {
  return Object.fromEntries(
    entries.map(([name, schema]) => [
      name,
      {
        ...typeOf(name, schema),
        description: describe(schema),
        ...(schema.class === "identity" && { willReplaceOnChanges: true }),
      },
    ]),
  );
}

/**
 * No type is an enumeration and none has a default: YAML refuses enumerations that are outputs, and the SDKs for Node and
 * Go lift a secret beside a default to the whole object.
 */
function namedType(schema: Schema): Json {
  return object(schema, schema.description ?? "");
}

function object(schema: Schema, description: string): Json {
  const entries = Object.entries(schema.properties ?? {});
  return {
    type: "object",
    description,
    properties: Object.fromEntries(
      entries.map(([name, value]) => [
        name,
        { ...typeOf(name, value), description: describe(value), ...(value.secret && { secret: true }) },
      ]),
    ),
    required: schema.required?.filter((name) => !isFilledIn(schema.properties?.[name] ?? {})) ?? [],
  };
}

function typeOf(name: string, schema: Schema): Json {
  if (schema.typeName !== undefined) return { $ref: `#/types/${token(schema)}` };
  // An array or a map of anything: Python fails on a choice of both.
  if (name === "triggers") return anything;
  if (schema.anyOf !== undefined) return { oneOf: schema.anyOf.map((choice) => typeOf("", choice)) };
  if (schema.type === "array") return { type: "array", items: typeOf("", schema.items ?? {}) };
  return { type: schema.type };
}

function configProperty(definition: SettingDefinition): Json {
  const { type = "string", secret } = definition;
  const isMap = type === "addresses";
  return {
    type: isMap ? "object" : type,
    ...(isMap && { additionalProperties: { type: "string" } }),
    description: withDefault(definition),
    ...(secret && { secret: true }),
  };
}

const readmeText = [
  "SDK of the Pulumi provider cce-nodepool-sync, which synchronizes the node configurations of Huawei Cloud CCE node pools.",
  "**Nodes are reset by it.** The provider runs on Node 22.19 or newer, which has to be on PATH.",
].join("\n");

/** What each SDK is called, and how it is built. */
function languages(): Json {
  const requirement = ">=3.142.0,<4.0.0";
  return {
    nodejs: { packageName: `pulumi-${pluginName}-sdk`, readme: readmeText, respectSchemaVersion: true },
    python: {
      packageName: "pulumi_cce_nodepool_sync",
      requires: { pulumi: requirement },
      readme: readmeText,
      respectSchemaVersion: true,
      pyproject: { enabled: true },
    },
    go: {
      // Of a domain that nobody can have: the SDK is generated beside the program, and never downloaded.
      importBasePath: "example.com/pulumi-cce-nodepool-sync/sdk/go/ccenodepoolsync",
      rootPackageName: "ccenodepoolsync",
      generateResourceContainerTypes: true,
      respectSchemaVersion: true,
    },
    csharp: {
      // Names that begin with "Pulumi." are reserved at NuGet.
      rootNamespace: "PulumiCommunity",
      namespaces: { [pluginName]: "CceNodePoolSync" },
      respectSchemaVersion: true,
    },
    java: { basePackage: "com.pulumi", packages: { [pluginName]: "ccenodepoolsync" } },
  };
}

function objectOf<T>(entries: Readonly<Record<string, T>>, toJson: (value: T) => Json): Json {
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, toJson(value)]));
}

function token({ typeName = "" }: Schema): string {
  return `${module}:${typeName.replace(/Args$/, "")}`;
}
