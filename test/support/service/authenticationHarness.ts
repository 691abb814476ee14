import assert from "node:assert/strict";
import type { EmulatorOptions } from "../../../emulator/index.ts";
import { createLifecycleHarness, type LifecycleHarness } from "../lifecycle/lifecycleHarness.ts";
import type { Outcome } from "../lifecycle/outcome.ts";
import { assertNoSecret } from "../secretSearch.ts";
import { outdate } from "./outdate.ts";

/** An hour, in milliseconds. */
export const hour = 3_600_000;

/** A harness for each test of a suite, which authenticates without an access key of its own. */
export interface AuthenticationHarness {
  /** Opens the harness of this test; it ends with the test. */
  open(options?: EmulatorOptions): Promise<void>;
  harness(): LifecycleHarness;
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

/** Creates the harness of the suite that calls it. */
export function useAuthenticationHarness(): AuthenticationHarness {
  let harness: LifecycleHarness;
  let environment: Record<string, string>;
  afterEach(() => harness.close());
  const set = (variables: Record<string, string>) => void Object.assign(environment, variables);
  return {
    async open(options) {
      environment = { HW_ACCESS_KEY: "", HW_SECRET_KEY: "" };
      harness = await createLifecycleHarness(options, environment);
      outdate(harness);
    },
    harness: () => harness,
    set,
    asUser() {
      const { user, domain } = harness.emulator.account;
      set({ HW_USER_NAME: user.name, HW_USER_PASSWORD: user.password, HW_DOMAIN_NAME: domain.name });
    },
    asRole(more) {
      const { agency, domain } = harness.emulator.account;
      set({ HW_ASSUME_ROLE_AGENCY_NAME: agency, HW_ASSUME_ROLE_DOMAIN_NAME: domain.name, ...more });
    },
    count: (kind) => harness.emulator.requests.filter((request) => request.kind === kind).length,
    refused: () =>
      harness.emulator.requests.filter(({ kind, refusal }) => refusal !== undefined && kind !== "metadata")
        .length,
    assertSynced({ end, message }) {
      assert.equal(message, "");
      assert.equal(end, "synced");
      assert.equal(harness.emulator.acceptedSyncs.length, 1);
    },
    assertNothingShown({ message, state }) {
      const texts = {
        message,
        state: JSON.stringify(state ?? ""),
        messages: JSON.stringify(harness.messages),
      };
      assertNoSecret(texts, [harness.emulator.account.user.password, harness.emulator.secretKey]);
    },
  };
}
