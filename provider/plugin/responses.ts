/** The answers of the provider protocol that take some putting together. */

import protocol, { type CheckResponse, type DiffResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import type { Properties } from "../util/wire.ts";
import { encode } from "./codec.ts";
import type { PropertyChange } from "./detailedDiff.ts";

/** Problems name no property: the engine would print the value of the property that is named, in clear. */
export function checkResponse(inputs: Properties, problems: readonly string[]): CheckResponse {
  const response = new protocol.CheckResponse();
  response.setInputs(encode(inputs));
  const failures = problems.map((reason) => {
    const failure = new protocol.CheckFailure();
    failure.setReason(reason);
    return failure;
  });
  response.setFailuresList(failures);
  return response;
}

/** What differs, and why, where that can be said. */
export function diffResponse(
  changes: boolean | undefined,
  replaces: readonly string[],
  details: ReadonlyMap<string, PropertyChange> | undefined,
): DiffResponse {
  const { DIFF_NONE, DIFF_SOME, DIFF_UNKNOWN } = protocol.DiffResponse.DiffChanges;
  const response = new protocol.DiffResponse();
  const isExplained = changes !== false && details !== undefined && details.size > 0;
  response.setChanges(changes === false ? DIFF_NONE : changes || isExplained ? DIFF_SOME : DIFF_UNKNOWN);
  response.setReplacesList([...replaces]);
  response.setHasdetaileddiff(isExplained);
  if (isExplained)
    for (const [path, change] of details) response.getDetaileddiffMap().set(path, propertyDiff(change));
  return response;
}

function propertyDiff({ kind, isReplacing, isInput }: PropertyChange) {
  const { Kind } = protocol.PropertyDiff;
  const kinds = {
    add: isReplacing ? Kind.ADD_REPLACE : Kind.ADD,
    delete: isReplacing ? Kind.DELETE_REPLACE : Kind.DELETE,
    update: isReplacing ? Kind.UPDATE_REPLACE : Kind.UPDATE,
  };
  const diff = new protocol.PropertyDiff();
  diff.setKind(kinds[kind]);
  diff.setInputdiff(isInput);
  return diff;
}
