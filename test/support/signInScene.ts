import assert from "node:assert/strict";
import type { EmulatorOptions } from "../../emulator/index.ts";
import { type Bench, openBench } from "./bench.ts";
import { assertNoSecret } from "./canaries.ts";
import type { Outcome } from "./outcome.ts";

/** An hour, in milliseconds. */
export const hour = 3_600_000;

/** A bench for each test of a suite, on which somebody signs in without an access key of their own. */
export interface SignInScene {
  /** Opens the bench of this test; it ends with the test. */
  open(options?: EmulatorOptions): Promise<void>;
  bench(): Bench;
  /** Sets variables beside the emulator's own; they are read anew whenever a resource is worked on. */
  set(variables: Record<string, string>): void;
  /** Signs in as the emulator's IAM user. */
  asUser(): void;
  /** Assumes the role of the emulator's agency. */
  asRole(more?: Record<string, string>): void;
  /** How many requests of this kind arrived. */
  count(kind: string): number;
  /** How many requests were refused; the metadata service may well know no hardened way. */
  refused(): number;
  /** The sync went well, with one request that was accepted. */
  assertSynced(outcome: Outcome): void;
  /** Nothing that the user reads, and nothing that is recorded, holds a secret. */
  assertNothingShown(outcome: Outcome): void;
}

/** Sets the scene for the suite that calls it. */
export function useSignInScene(): SignInScene {
  let bench: Bench;
  let environment: Record<string, string>;
  afterEach(() => bench.close());
  const set = (variables: Record<string, string>) => void Object.assign(environment, variables);
  return {
    async open(options) {
      environment = { HW_ACCESS_KEY: "", HW_SECRET_KEY: "" };
      bench = await openBench(options, environment);
    },
    bench: () => bench,
    set,
    asUser() {
      const { user, domain } = bench.emulator.account;
      set({ HW_USER_NAME: user.name, HW_USER_PASSWORD: user.password, HW_DOMAIN_NAME: domain.name });
    },
    asRole(more) {
      const { agency, domain } = bench.emulator.account;
      set({ HW_ASSUME_ROLE_AGENCY_NAME: agency, HW_ASSUME_ROLE_DOMAIN_NAME: domain.name, ...more });
    },
    count: (kind) => bench.emulator.requests.filter((request) => request.kind === kind).length,
    refused: () =>
      bench.emulator.requests.filter(({ kind, refusal }) => refusal !== undefined && kind !== "metadata")
        .length,
    assertSynced({ end, message }) {
      assert.equal(message, "");
      assert.equal(end, "synced");
      assert.equal(bench.emulator.acceptedSyncs.length, 1);
    },
    assertNothingShown({ message, state }) {
      const texts = { message, state: JSON.stringify(state ?? ""), told: JSON.stringify(bench.told) };
      assertNoSecret(texts, [bench.emulator.account.user.password, bench.emulator.secretKey]);
    },
  };
}
