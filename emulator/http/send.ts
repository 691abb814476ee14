import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { finished } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";
import { type Answer, gatewayError, newRequestId } from "../cluster/errors.ts";
import type { Effect } from "./faults.ts";

/** What is answered: the service's own answer, unless a fault spoils or replaces it. */
export function faultyAnswer(own: Answer | undefined, effect: Effect | undefined): Answer {
  if (effect?.kind === "answer") {
    const { status, text, body, headers } = effect;
    if (text !== undefined) return { status, text, headers };
    return { status, headers, body: body ?? backendTimeout().body };
  }
  const answer = own ?? backendTimeout();
  if (effect?.kind === "emptyBody") return { status: answer.status, headers: answer.headers };
  if (effect?.kind === "shortList") return { ...answer, body: shorter(answer.body, effect.missing) };
  if (effect?.kind === "wrongTypes") return { ...answer, body: otherTypes(answer.body) };
  return answer;
}

function backendTimeout(): Answer {
  return gatewayError(504, "APIGW.0201", "Backend timeout");
}

/**
 * Sends an answer as the service would, or as the fault would have it; returns when it has left, or broken off.
 * @param now the time that its `Date` shows, in milliseconds since 1970.
 * @param idHeader the header that holds the request's id.
 */
export async function send(
  response: ServerResponse,
  answer: Answer,
  effect: Effect | undefined,
  now: number,
  idHeader = "X-Request-Id",
): Promise<void> {
  const { status, body, text, headers, requestId = newRequestId() } = answer;
  const json = text === undefined;
  response.writeHead(status, {
    "Content-Type": json ? "application/json" : text.startsWith("<") ? "text/html" : "text/plain",
    Date: new Date(now).toUTCString(),
    [idHeader]: requestId,
    ...headers,
  });
  const content = Buffer.from(text ?? (body === undefined ? "" : JSON.stringify(body)));
  const left = finished(response).catch(() => undefined);
  if (effect?.kind === "cutBody") {
    response.write(content.subarray(0, Math.ceil(content.length / 2)), () => response.destroy());
  } else if (effect?.kind === "drip") {
    await drip(response, content, effect.pause);
  } else if (effect?.kind === "endless") {
    await repeat(response, content);
  } else {
    response.end(content);
  }
  await left;
}

async function drip(response: ServerResponse, content: Buffer, pause: number): Promise<void> {
  for (const byte of content) {
    await setTimeout(pause, undefined, { ref: false });
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
  }
  response.end();
}

interface Item {
  readonly metadata: { readonly uid: string };
}

async function repeat(response: ServerResponse, content: Buffer): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  while (!response.destroyed) {
    if (!response.write(content.length === 0 ? " " : content)) {
      await once(response, "drain", { signal: gone.signal }).catch(() => undefined);
    }
  }
}

/** A list without some items, by default without any, that says no word of those that are missing. */
function shorter(body: unknown, missing: number | readonly string[] = Number.POSITIVE_INFINITY): unknown {
  const list = body as { readonly items?: readonly Item[]; readonly pageInfo?: object } | undefined;
  if (list?.items === undefined) return body;
  const items =
    typeof missing === "number"
      ? list.items.slice(0, Math.max(0, list.items.length - missing))
      : list.items.filter(({ metadata }) => !missing.includes(metadata.uid));
  const { pageInfo } = list;
  return { ...list, items, ...(pageInfo && { pageInfo: { ...pageInfo, currentCount: items.length } }) };
}

/** The same shape with every leaf of another type, and objects in the place of arrays. */
function otherTypes(value: unknown): unknown {
  if (Array.isArray(value)) return { ...value.map(otherTypes) };
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, leaf]) => [key, otherTypes(leaf)]));
  }
  return typeof value === "string" ? value.length : [value];
}
