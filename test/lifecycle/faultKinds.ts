import type { Effect, Fault, ProfileName } from "../../emulator/index.ts";
import { type ErrorCode, errorCodes } from "../../provider/errors/codes.ts";
import type { Outcome } from "../support/lifecycle/outcome.ts";

/** One kind of call, one fault, and what comes of it. */
export interface Row {
  /** The outcome in words. */
  readonly sentence: string;
  readonly fault: Fault;
  readonly profile?: ProfileName;
  /** Minutes that the user grants; by default what the provider does. */
  readonly minutes?: number;
  readonly end: Outcome["end"];
  /** What the error says. */
  readonly says?: RegExp;
  /** The code that ends the error. */
  readonly code?: ErrorCode;
  /** Requests to synchronize that the first run sends. */
  readonly posts: number;
  /** How many of them the service accepts. Together with the next run's it is one, always. */
  readonly accepted: 0 | 1;
}

const gateway = (code: string, message: string) => ({ error_code: code, error_msg: message });

/** The body of a refusal by CCE. */
export const cceBody = (code: string, message: string) => ({ errorCode: code, errorMessage: message });

/** An answer in place of the service's own. */
export const answer = (status: number, body?: unknown, headers?: Record<string, string>): Effect => ({
  kind: "answer",
  status,
  body,
  headers,
});

/** What a proxy may answer. */
export const proxyPage = (status: number): Effect => ({
  kind: "answer",
  status,
  text: "<html><body><h1>Welcome to the proxy</h1></body></html>",
});

const tooMany = gateway("APIGW.0308", "policy user over ratelimit,limit:10,time:1 minute");

/** Faults that a later try can find gone. */
export const passing: Record<string, Effect> = {
  "429 with Retry-After": answer(429, tooMany, { "Retry-After": "56.818" }),
  "429 without Retry-After": answer(429, tooMany),
  "500": answer(500, cceBody("CCE.01500001", "Internal error")),
  "502 with a page of HTML": proxyPage(502),
  "503 without a word": { kind: "answer", status: 503, text: "" },
  "504": answer(504),
  "a broken connection": { kind: "drop" },
  "a body that breaks off": { kind: "cutBody" },
  "200 with a page of HTML": proxyPage(200),
  "an empty body": { kind: "emptyBody" },
  "values of other types": { kind: "wrongTypes" },
};

/** The code of an error that is about such a fault. */
export const codes: Record<keyof typeof passing, ErrorCode> = {
  "429 with Retry-After": errorCodes.throttled,
  "429 without Retry-After": errorCodes.throttled,
  "500": errorCodes.serviceFault,
  "502 with a page of HTML": errorCodes.serviceFault,
  "503 without a word": errorCodes.serviceFault,
  "504": errorCodes.serviceFault,
  "a broken connection": errorCodes.unreachable,
  "a body that breaks off": errorCodes.unreachable,
  "200 with a page of HTML": errorCodes.unreachable,
  "an empty body": errorCodes.unreachable,
  "values of other types": errorCodes.unreachable,
};

/** The same, but each costs real time or much memory, so that they are met once only. */
export const costly: Record<string, Effect> = {
  "no answer at all": { kind: "hang" },
  "an answer that trickles without end": { kind: "drip", pause: 300 },
  "a body without end": { kind: "endless" },
};

/** Refusals that no later attempt overcomes. */
export const final: Record<string, { effect: Effect; says: string; code: ErrorCode }> = {
  "401": {
    effect: answer(401, gateway("APIGW.0301", "verify aksk signature fail")),
    says: "401 APIGW.0301 .*Check the access key and the secret key",
    code: errorCodes.credentialsRefused,
  },
  "401 for a clock that is off": {
    effect: answer(401, gateway("APIGW.0303", "x-sdk-date is off")),
    says: "401 APIGW.0303 .*Set this machine's clock",
    code: errorCodes.credentialsRefused,
  },
  "403": {
    effect: answer(403, cceBody("CCE.01403001", "Forbidden")),
    says: "403 CCE.01403001 .*Grant the IAM actions",
    code: errorCodes.permissionDenied,
  },
  "404": {
    effect: answer(404, cceBody("CCE.01404001", "Resource not found")),
    says: "404 CCE.01404001 .*Check clusterId",
    code: errorCodes.notFound,
  },
};
