import assert from "node:assert/strict";
import type { HttpResponse } from "../../../provider/cce/http.ts";
import { createCredentialProvider } from "../../../provider/credentials/credentialProvider.ts";
import { lifetimeUntil } from "../../../provider/credentials/exchange.ts";
import { VirtualClock } from "../../support/lifecycle/virtualClock.ts";

const minute = 60_000;
const hour = 60 * minute;

/** A provider of tokens that are good for an hour each, numbered as they are handed out. */
function tokensOfAnHour(clock: VirtualClock) {
  let count = 0;
  const exchange = async () => {
    count += 1;
    return { credential: { kind: "token", token: `token-${count}` } as const, lifetime: hour };
  };
  const provider = createCredentialProvider(exchange, { secrets: [], setting: "nowhere" }, clock);
  const token = async () => {
    const credential = await provider.current();
    return credential.kind === "token" ? credential.token : "";
  };
  return { provider, token };
}

describe("a temporary credential", () => {
  it("is renewed ten minutes before its end", async () => {
    const clock = new VirtualClock();
    const { token } = tokensOfAnHour(clock);
    assert.equal(await token(), "token-1");
    await clock.sleep(49 * minute);
    assert.equal(await token(), "token-1");
    await clock.sleep(2 * minute);
    assert.equal(await token(), "token-2");
  });

  for (const [what, shift] of [
    ["back by a day", -24 * hour],
    ["forward by a day", 24 * hour],
  ] as const) {
    it(`is renewed neither sooner nor later when this machine's clock is set ${what}`, async () => {
      const clock = new VirtualClock();
      const { token } = tokensOfAnHour(clock);
      await token();
      clock.setWall(clock.now() + shift);
      await clock.sleep(49 * minute);
      assert.equal(await token(), "token-1");
      await clock.sleep(2 * minute);
      assert.equal(await token(), "token-2");
    });
  }

  it("is replaced when it is refused, unless it was only just handed out", async () => {
    const clock = new VirtualClock();
    const { provider, token } = tokensOfAnHour(clock);
    await token();
    const held = await provider.current();
    clock.setWall(clock.now() + hour);
    assert.equal(await provider.replace(held), undefined);
    await clock.sleep(2 * minute);
    assert.deepEqual(await provider.replace(held), { kind: "token", token: "token-2" });
  });

  it("is good until its end by the clock of whoever handed it out", () => {
    const clock = new VirtualClock(Date.parse("2026-01-02T00:00:00Z"));
    const end = Date.parse("2026-01-03T13:00:00Z");
    const response = (headers: Record<string, string>): HttpResponse => ({ status: 201, headers, body: "" });
    assert.equal(lifetimeUntil(end, response({ date: "Sat, 03 Jan 2026 12:00:00 GMT" }), clock), hour);
    assert.equal(lifetimeUntil(end, response({ date: "Sat, 03 Jan 2026 14:00:00 GMT" }), clock), 0);
    assert.equal(lifetimeUntil(end, response({}), clock), 37 * hour);
  });
});
