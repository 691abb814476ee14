import assert from "node:assert/strict";
import { ConnectionError, ServiceError } from "../../provider/errors/errors.ts";
import { page, useScriptedService } from "../support/service/scriptedService.ts";
import { calls } from "../support/service/serviceAnswers.ts";

describe("answers of the service, however large they are", () => {
  const service = useScriptedService();

  it("may be one page of 200,000 nodes", async () => {
    service.respond = (response) =>
      response.end(
        page(
          Array.from({ length: 200_000 }, (_, at) => `${at}`),
          "",
        ),
      );
    assert.equal((await service.cce.listNodes("c")).length, 200_000);
  });

  const deep = 100_000;
  for (const [what, body] of [
    ["arrays", "[".repeat(deep) + "]".repeat(deep)],
    ["objects", `${'{"items":'.repeat(deep)}0${"}".repeat(deep)}`],
    ["arrays that never end", "[".repeat(deep)],
    ["jobs", '{"status":{"phase":"Success"},"spec":{"subJobs":['.repeat(deep) + "]}}".repeat(deep)],
  ] as const) {
    it(`are unreadable, and no fault of ours, when they are ${deep} nested ${what}`, async () => {
      service.respond = (response) => response.end(body);
      for (const name of ["nodes", "pools", "job"] as const)
        await assert.rejects(calls[name](service.cce), ConnectionError);
      service.respond = (response) => response.writeHead(403).end(body);
      await assert.rejects(service.cce.showJob("j"), ServiceError);
    });
  }

  it("are read up to 50 MiB, and no further", async () => {
    const limit = 50 * 1024 * 1024;
    const short = page(["a"], "");
    service.respond = (response) => response.end(short + " ".repeat(limit - short.length));
    assert.equal((await service.cce.listNodes("c")).length, 1);
    service.respond = (response) => response.end(short + " ".repeat(limit - short.length + 1));
    await assert.rejects(service.cce.listNodes("c"), /sent more than 50 MiB/);
  });

  it("are given up when they never end, with no more than that read of them", async () => {
    const chunk = Buffer.alloc(1024 * 1024, " ");
    let sent = 0;
    let endless = 0;
    service.respond = (response) => {
      endless += 1;
      const send = () => {
        while (!response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) {
            response.once("drain", send);
            return;
          }
        }
      };
      send();
    };
    await assert.rejects(service.cce.showJob("j"), /sent more than 50 MiB/);
    assert.ok(sent < endless * 80 * 1024 * 1024, `${sent} bytes in ${endless} answers`);
  });
});
