import { serviceTime } from "../../provider/cce/model.ts";
import type { RawNode, Read, Sightings } from "./sightings.ts";

/** Phases in which a node is not being reset. */
const idle = new Set(["Active", "Error", "Abnormal", ""]);

/** One reset of one node, as the lists show it. */
export interface SeenReset {
  readonly from: number;
  readonly phases: readonly string[];
  readonly until?: number;
  /** How long the node that was back went on saying that it is not up to date. */
  readonly staleFor?: number;
}

/** The resets that the requests began, as far as the lists show them. */
export function resetsIn({ nodes, syncs }: Sightings): SeenReset[] {
  return syncs.flatMap(({ at, ids }) => ids.flatMap((id) => resetOf(id, at, nodes) ?? []));
}

function resetOf(id: string, sentAt: number, nodes: Sightings["nodes"]): SeenReset | undefined {
  const reads = readsOf(nodes, id).filter(({ at }) => at >= sentAt);
  const phaseOf = ({ item }: { item: RawNode }) => item.status?.phase ?? "";
  const first = reads.findIndex((read) => !idle.has(phaseOf(read)));
  const begin = reads[first];
  if (begin === undefined) return undefined;
  const rest = reads.slice(first);
  // A record that has changed since the request says itself when.
  const changedAt = ({ at, item }: { at: number; item: RawNode }) => {
    const updated = serviceTime(item.metadata.updateTimestamp);
    return updated !== undefined && updated >= sentAt ? updated : at;
  };
  const length = rest.findIndex((read) => idle.has(phaseOf(read)));
  const working = length < 0 ? rest : rest.slice(0, length);
  const back = length < 0 ? undefined : rest[length];
  if (back === undefined || phaseOf(back) !== "Active")
    return { from: changedAt(begin), phases: [...new Set(working.map(phaseOf))] };
  const fresh = rest.slice(length).find(({ item }) => item.status?.configurationUpToDate !== false);
  return {
    from: changedAt(begin),
    phases: [...new Set(working.map(phaseOf))],
    until: changedAt(back),
    staleFor: fresh === undefined ? undefined : fresh.at - back.at,
  };
}

/** The reads that show one item. */
export function readsOf<Item extends { readonly metadata: { readonly uid?: string } }>(
  reads: readonly Read<Item>[],
  id: string | undefined,
): { readonly at: number; readonly item: Item }[] {
  return reads.flatMap(({ at, items }) => {
    const item = items.find(({ metadata }) => metadata.uid === id);
    return item === undefined ? [] : [{ at, item }];
  });
}
