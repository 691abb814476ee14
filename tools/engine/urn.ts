/** The type of the resource that stands for the stack itself and holds its outputs. */
export const ROOT_STACK_TYPE = "pulumi:pulumi:Stack";

/**
 * URNs as the engine makes them: `urn:pulumi:<stack>::<project>::<types of parents$type>::<name>`. The types of
 * parents are joined by `$`, except the root stack's, which is left out. `parent` is a URN.
 */
export function createUrn(
  parts: { stack: string; project: string; type: string; name: string },
  parent?: string,
): string {
  const parentType = parent === undefined ? undefined : qualifiedType(parent);
  const type =
    parentType === undefined || parentType === ROOT_STACK_TYPE ? parts.type : `${parentType}$${parts.type}`;
  return `urn:pulumi:${parts.stack}::${parts.project}::${type}::${parts.name}`;
}

/** The types of all parents and of the resource itself, joined by `$`. */
function qualifiedType(urn: string): string {
  return urn.split("::")[2] ?? "";
}

/** The type of the resource. */
export function typeOf(urn: string): string {
  return qualifiedType(urn).split("$").at(-1) ?? "";
}

/** The name of the resource; it may itself contain `::`. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** Whether the resource is a provider: `pulumi:providers:<package>`. */
export function isProviderType(type: string): boolean {
  return type.startsWith("pulumi:providers:");
}

/** The package of a type token: `pulumi-nodejs` of `pulumi-nodejs:dynamic:Resource`. */
export function packageOf(type: string): string {
  return type.split(":")[0] ?? "";
}

/** A reference to a provider is the provider's URN and id, joined by `::`. */
export function parseProviderReference(reference: string): { urn: string; id: string } {
  const at = reference.lastIndexOf("::");
  return { urn: reference.slice(0, at), id: reference.slice(at + 2) };
}
