import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { CceClient } from "../../../provider/cce/client.ts";
import { createHttp } from "../../../provider/cce/http.ts";
import { unlimitedClient } from "./cceClient.ts";

/** A service whose answers are those that a test writes, and the client in front of it. */
export interface ScriptedService {
  readonly cce: CceClient;
  /** Answers a request; `requests` counts from 1 within the test. */
  respond: (response: ServerResponse, requests: number, url: string) => void;
  /** How many requests have arrived within the test. */
  readonly requests: number;
}

/** Opens the service for the suite that calls it. */
export function useScriptedService(): ScriptedService {
  let server: Server;
  let cce: CceClient;
  let requests = 0;
  const http = createHttp();
  // Pauses between tries are no matter here.
  const clock = { now: () => 0, monotonic: () => 0, sleep: async () => undefined };
  const service = {
    get cce() {
      return cce;
    },
    get requests() {
      return requests;
    },
    respond: (response: ServerResponse, _requests: number, _url: string): void => void response.end(),
  };

  before((done) => {
    server = createServer((request, response) => {
      requests += 1;
      request.resume();
      service.respond(response, requests, request.url ?? "");
    }).listen(0, "127.0.0.1", () => {
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      cce = unlimitedClient({ endpoint, handler: http.handler, clock });
      done();
    });
  });
  beforeEach(() => {
    requests = 0;
  });
  after(async () => {
    await http.close();
    server.close();
  });
  return service;
}

/** A page of a list of nodes. */
export function page(uids: readonly string[], nextMarker: string): string {
  return JSON.stringify({ items: uids.map((uid) => ({ metadata: { uid } })), pageInfo: { nextMarker } });
}
