import { type CredentialSourceKind, foundIn, isSetWithout, unprintable } from "./credentialSource.ts";

const parts = ["accessKey", "secretKey", "securityToken"] as const;

/** An access key, permanent or temporary, that signs requests. */
export const accessKey: CredentialSourceKind<(typeof parts)[number]> = {
  markers: parts,
  configure({ from, problems }) {
    const fault = unprintable(from, parts);
    if (fault !== undefined) {
      problems.push(`credentials: ${fault}`);
      return {};
    }
    const [id, secretKey, securityToken] = parts.map((part) => from.get(part));
    if (id === undefined || secretKey === undefined) {
      const given = parts.filter((part) => from.get(part) !== undefined);
      const missing = (["accessKey", "secretKey"] as const).filter((part) => from.get(part) === undefined);
      const nothing = `${from.title} has no ${from.nameOf("accessKey")} and ${from.nameOf("secretKey")}`;
      problems.push(`credentials: ${given.length === 0 ? nothing : isSetWithout(from, given, missing)}`);
      return {};
    }
    const key = { accessKey: id, secretKey, ...(securityToken && { securityToken }) };
    return {
      source: {
        name: "access key",
        setting: foundIn(from, parts),
        id: JSON.stringify(["access key", key]),
        gives: "accessKey",
        needsIam: false,
        secrets: [secretKey, ...(securityToken ? [securityToken] : [])],
        names: [id],
        resolve: async () => ({ credential: { kind: "accessKey", key } }),
      },
    };
  },
};
