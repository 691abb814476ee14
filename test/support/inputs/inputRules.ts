type Rule = (value: unknown) => boolean;
const optional =
  (rule: Rule): Rule =>
  (it) =>
    it === undefined || rule(it);
const isText: Rule = (it) => typeof it === "string" && it.length > 0;
const isFlag: Rule = (it) => typeof it === "boolean";
const isId: Rule = (it) =>
  isText(it) &&
  it !== "." &&
  it !== ".." &&
  (it as string).isWellFormed() &&
  !/[\s\p{Cc}]/u.test(it as string);
const isWhole = (min: number, max: number) => (it: unknown) =>
  Number.isInteger(it) && (it as number) >= min && (it as number) <= max;
const isAmount =
  (min: number, max: number): Rule =>
  (it) =>
    isWhole(min, max)(it) ||
    (typeof it === "string" &&
      /^\d+%$/.test(it) &&
      !it.startsWith("0") &&
      isWhole(1, 100)(Number.parseInt(it, 10)));
const isSoak: Rule = (it) => {
  const [, hours = 0, minutes = 0, seconds = 0] =
    /^(?:(\d{1,2})h)?(?:(\d{1,4})m)?(?:(\d{1,5})s)?$/.exec(String(it)) ?? [];
  const length = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return typeof it === "string" && length > 0 && length <= 24 * 3600;
};
const isRollout: Rule = (it) => {
  const { canary, waveSize, zoneByZone } = (it ?? {}) as Record<string, unknown>;
  return (
    isShape({
      canary: optional(isAmount(1, Number.MAX_SAFE_INTEGER)),
      waveSize: optional(isAmount(1, Number.MAX_SAFE_INTEGER)),
      zoneByZone: optional(isFlag),
      soak: optional(isSoak),
      maxFailures: optional(isWhole(0, Number.MAX_SAFE_INTEGER)),
    })(it) &&
    (canary !== undefined || waveSize !== undefined || zoneByZone === true)
  );
};
const isScript: Rule = (it) => isText(it) && Buffer.from(it as string, "base64").toString("base64") === it;
const isList =
  (rule: Rule): Rule =>
  (it) =>
    Array.isArray(it) && it.every(rule);
const isObject: Rule = (it) => typeof it === "object" && it !== null && !Array.isArray(it);
const isShape =
  (rules: Record<string, Rule>): Rule =>
  (it) =>
    isObject(it) &&
    Object.keys(it as object).every((key) => Object.hasOwn(rules, key)) &&
    Object.entries(rules).every(([key, rule]) => rule((it as Record<string, unknown>)[key]));

/** The rules of a password for the user of the mutated inputs, from the API's page. */
const isPasswordFor =
  (username: unknown): Rule =>
  (it) => {
    if (typeof it !== "string") return false;
    const length = Array.from(it).length;
    const classes = [/[A-Z]/, /[a-z]/, /[0-9]/, /[!@$%^\-_=+[{}\]:,./?~#*]/].filter((kind) =>
      kind.test(it),
    ).length;
    const name = typeof username === "string" && username !== "" ? username : "root";
    const backwards = Array.from(name).reverse().join("");
    if (/\p{Cc}/u.test(it)) return false;
    return length >= 8 && length <= 26 && classes >= 3 && !it.includes(name) && !it.includes(backwards);
  };

const isUserPassword: Rule = (it) =>
  isShape({
    username: optional(isText),
    password: isPasswordFor((it as { username?: unknown } | null)?.username),
  })(it);
const isLogin: Rule = (it) =>
  isShape({ sshKey: optional(isText), userPassword: optional(isUserPassword) })(it) &&
  Object.values(it as object).filter((way) => way !== undefined).length === 1;
const isAddress: Rule = (it) =>
  typeof it === "string" && /^(https:\/\/[a-z0-9.-]+|http:\/\/127\.0\.0\.1)(:\d+)?\/?$/i.test(it);

const hasTemplateForDefaultPool: Rule = (it) => {
  const { nodePoolId, nodeTemplate } = it as Record<string, unknown>;
  return nodePoolId !== "DefaultPool" || nodeTemplate !== undefined;
};
const hasOneSelection: Rule = (it) => {
  const { nodeIds, excludeNodeIds = [] } = it as Record<string, unknown>;
  return nodeIds === undefined || (excludeNodeIds as []).length === 0;
};

const waitsForWaves: Rule = (it) => {
  const { rollout, wait } = it as Record<string, unknown>;
  return rollout === undefined || wait !== false;
};

/** Whether inputs are valid; a second opinion, made from the documentation. */
export const isRight: Rule = (it) =>
  hasRightShape(it) && hasTemplateForDefaultPool(it) && hasOneSelection(it) && waitsForWaves(it);

const hasRightShape = isShape({
  clusterId: isId,
  nodePoolId: isId,
  maxUnavailable: isAmount(1, 20),
  rollout: optional(isRollout),
  nodeIds: optional(
    (it) => isList(isText)(it) && (it as []).length > 0 && new Set(it as []).size === (it as []).length,
  ),
  nodeTemplate: optional(
    isShape({
      lifeCycle: isShape({
        preInstall: optional(isScript),
        postInstall: optional(isScript),
        waitPostInstallFinish: optional(isFlag),
      }),
      login: isLogin,
      volumeConfig: optional(
        isShape({
          volumeResetPolicy: optional(
            (it) => it === "reset_managed_volumes" || it === "retain_custom_volumes",
          ),
        }),
      ),
    }),
  ),
  force: optional(isFlag),
  excludeNodeIds: optional(isList(isText)),
  onCreate: optional((it) => ["outdated", "all", "nothing"].includes(it as string)),
  onChange: optional((it) => ["outdated", "all"].includes(it as string)),
  validateStorage: optional(isFlag),
  triggers: optional((it) => Array.isArray(it) || isObject(it)),
  wait: optional(isFlag),
  region: optional((it) => typeof it === "string" && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(it)),
  projectId: optional(isId),
  endpoint: optional(isAddress),
});
