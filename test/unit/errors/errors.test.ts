import assert from "node:assert/strict";
import { errorCodeOf, isRetryLater } from "../../../provider/cce/retryPolicy.ts";
import { type ErrorCode, errorCodes, guidance, remedyOf } from "../../../provider/errors/codes.ts";
import {
  ConfigurationError,
  ConnectionError,
  ServiceError,
  withoutStack,
} from "../../../provider/errors/errors.ts";
import { errorTexts } from "../../lifecycle/errorMessages.ts";
import { compileAll } from "../../support/programs/compiler.ts";
import { textOf } from "../../support/root.ts";

const again = /^Run `pulumi up` again: it checks the pool first/;
const keys = /^Check the access key and the secret key/;
const clock = /^Set this machine's clock/;

/** The vendor's codes, what they become, what the user should do, and whether the request may be sent again later. */
const answers: [status: number, codes: string[], expected: ErrorCode, remedy: RegExp, notNow: boolean][] = [
  [
    400,
    ["CCE.01400001", "CCE.02400001", "CCE.03400001"],
    errorCodes.invalidRequest,
    /^Correct the named/,
    false,
  ],
  [
    400,
    ["07", "08", "09", "10", "11", "12", "13", "14", "19", "20", "25"].map((n) => `CCE.014000${n}`),
    errorCodes.quota,
    /^Ask for a higher quota/,
    false,
  ],
  [
    400,
    ["16", "18", "21", "22", "34"].map((n) => `CCE.014000${n}`),
    errorCodes.invalidRequest,
    /^Correct/,
    false,
  ],
  [400, ["23", "24", "74", "75"].map((n) => `CCE.014000${n}`), errorCodes.busy, /^Wait until/, true],
  [400, ["CCE_CM.0004"], errorCodes.invalidRequest, /^Correct the named/, false],
  [400, ["CCE_CM.0002"], errorCodes.busy, /^Wait until/, true],
  [
    401,
    ["CCE.01401001", "CCE.02401001", "CCE.03401001", "APIGW.0301", "APIG.0301", ""],
    errorCodes.credentialsRefused,
    keys,
    false,
  ],
  [401, ["APIGW.0303", "APIG.0303"], errorCodes.credentialsRefused, clock, false],
  [
    403,
    ["CCE.01403001", "CCE.02403001", "CCE.03403001", ""],
    errorCodes.permissionDenied,
    /^Grant the IAM/,
    false,
  ],
  [403, ["CCE.01403002"], errorCodes.permissionDenied, /^Have the restriction on the account lifted/, false],
  [403, ["CCE.01403008"], errorCodes.permissionDenied, /^Grant CCE's own agency/, false],
  [403, ["3", "4", "5", "6", "7", "9"].map((n) => `CCE.0140300${n}`), errorCodes.busy, /^Wait until/, true],
  [403, ["CCE_CM.0002"], errorCodes.busy, /^Wait until/, true],
  [
    404,
    ["CCE.01404001", "CCE.02404001", "CCE.03404001", "CCE_CM.0003"],
    errorCodes.notFound,
    /^Check clusterId/,
    false,
  ],
  [409, ["CCE.01409001"], errorCodes.busy, /^Something else changed the pool/, false],
  [409, ["CCE.01409002", ""], errorCodes.busy, /^Wait until/, true],
  [429, ["CCE.01429002"], errorCodes.busy, /^Wait until/, true],
  [429, ["CCE.01429003", "CCE.02429001", "APIGW.0308", ""], errorCodes.throttled, /^Too many requests/, true],
  [500, ["CCE.01500001", "CCE.02500001", "CCE.03500001"], errorCodes.serviceFault, again, false],
  [502, [""], errorCodes.serviceFault, again, false],
  [504, ["APIGW.0201", ""], errorCodes.serviceFault, again, false],
];

describe("the error of an answer", () => {
  for (const [status, family, expected, remedy] of answers) {
    for (const code of family) {
      it(`of ${status} ${code || "without a code"} has the code ${expected} and begins its remedy with: ${remedy.source.slice(1)}`, () => {
        const codes = code === "" ? [] : [code];
        const errorCode = errorCodeOf(status, codes);
        const error = new ServiceError({ call: "list the nodes", status, errorCode, codes });
        assert.equal(error.errorCode, expected);
        assert.match(error.remedy, remedy);
      });
    }
  }

  it("that never came has the code unreachable, and its remedy is to look at the network", () => {
    const error = new ConnectionError("list the nodes", "it broke", { mayHaveArrived: true });
    assert.equal(error.errorCode, errorCodes.unreachable);
    assert.match(error.remedy, /^Check the network/);
  });
});

describe("a request that was refused", () => {
  for (const [status, family, , , notNow] of answers) {
    it(`${notNow ? "may be sent again later" : "was not refused for a state"}: ${status} ${family.join(", ")}`, () => {
      for (const code of family) {
        const codes = code === "" ? [] : [code];
        const errorCode = errorCodeOf(status, codes);
        const error = new ServiceError({ call: "synchronize the node pool", status, errorCode, codes });
        assert.equal(isRetryLater(error), notNow, code);
      }
    });
  }
});

describe("an error", () => {
  it("names call, status, code, the service's words and the request id", () => {
    const error = new ServiceError({
      call: "list the nodes",
      status: 403,
      errorCode: errorCodes.permissionDenied,
      codes: ["CCE.01403001"],
      detail: "Forbidden.",
      requestId: "r1",
    });
    const text =
      "the service answered the request to list the nodes with 403 CCE.01403001 Forbidden. (request id r1)";
    assert.equal(error.message, text);
  });

  it("leaves out what the service did not say", () => {
    const { message } = new ServiceError({
      call: "list the nodes",
      status: 502,
      errorCode: errorCodes.serviceFault,
      detail: "",
    });
    assert.equal(message, "the service answered the request to list the nodes with 502");
  });

  it("lists every problem of a configuration, a line each", () => {
    const { message, problems } = new ConfigurationError(["a: is missing", "b: is wrong"]);
    assert.deepEqual(problems, ["a: is missing", "b: is wrong"]);
    assert.equal(
      message,
      "the configuration cannot be used; nothing was sent:\n- a: is missing\n- b: is wrong",
    );
  });

  it("has no stack when it is made for the engine, which would print it", () => {
    assert.equal(withoutStack(new Error("x")).stack, "");
  });
});

describe("the error codes", () => {
  const codes = Object.values(errorCodes);

  it("are these; a program may look for any of them, so none is ever changed or taken away", () => {
    assert.deepEqual(
      codes.map((code) => code.replace("nodepoolsync/", "")),
      [
        "configuration",
        "credentials-refused",
        "permission-denied",
        "not-found",
        "invalid-request",
        "quota",
        "busy",
        "cluster-unavailable",
        "throttled",
        "unreachable",
        "tls",
        "service-fault",
        "outcome-unknown",
        "sync-failed",
        "timed-out",
        "watch-failed",
        "unconfirmed",
        "interrupted",
        "unreadable-state",
        "internal",
      ],
    );
  });

  it("are spelled like their names", () => {
    for (const [name, code] of Object.entries(errorCodes)) {
      const words = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      assert.equal(code, `nodepoolsync/${words}`);
    }
  });

  it("can be told apart by looking for one in a text", () => {
    for (const code of codes)
      assert.deepEqual(
        codes.filter((other) => other.includes(code)),
        [code],
      );
  });

  it("have a meaning and a remedy each, in whole sentences, and remedies of their own after codes of the service", () => {
    for (const code of codes) {
      const { meaning, remedy, afterServiceCode = {} } = guidance[code];
      for (const text of [meaning, remedy, ...Object.values(afterServiceCode)])
        assert.match(text, /^[A-Z].*\.$/);
      assert.equal(remedyOf(code), remedy);
      assert.equal(remedyOf(code, ["CCE.00000000"]), remedy);
      for (const [serviceCode, own] of Object.entries(afterServiceCode))
        assert.equal(remedyOf(code, ["CCE.00000000", serviceCode]), own);
    }
  });
});

describe("the page about troubleshooting", () => {
  const page = textOf("docs/troubleshooting.md");
  const texts = Object.entries(errorTexts);
  /** Rows of the table by text: what is seen, and the code. */
  const rows = [...page.matchAll(/^\| `(.+?)` \| `([a-z-]+)` \| .+ \|$/gm)].map(
    ([, seen = "", code = ""]) => ({ seen, code: `nodepoolsync/${code}` }),
  );

  /** Whether the text is one of the row's: what stands between the dots is in it, in this order. */
  function matches(seen: string, text: string): boolean {
    const parts = seen.split("…").map((part) => part.trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(parts.join("[\\s\\S]*?")).test(text);
  }

  it("has one row for each code, and no other", () => {
    const listed = [...page.matchAll(/^\| `(nodepoolsync\/[a-z-]+)` \|/gm)].map(([, code]) => code);
    assert.deepEqual(listed, Object.values(errorCodes));
  });

  for (const [name, text] of texts) {
    it(`has a row for the text, under its code: ${name}`, () => {
      const own = rows.filter(({ seen, code }) => matches(seen, text) && text.endsWith(`[${code}]`));
      assert.ok(own.length > 0, text);
    });
  }

  for (const { seen, code } of rows) {
    it(`shows a text that an error of this code really has: ${code}, ${seen}`, () => {
      assert.ok(texts.some(([, text]) => matches(seen, text) && text.endsWith(`[${code}]`)));
    });
  }

  it("has code that compiles", () => {
    const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);
    assert.ok(blocks.length > 0);
    assert.deepEqual(compileAll(blocks).flat(), []);
  });
});
