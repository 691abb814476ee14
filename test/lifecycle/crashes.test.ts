import { describeCrashes } from "../support/lifecycle/crashSweep.ts";

// test/soak/crashes.test.ts tries every profile at every moment.
describeCrashes(["standard"], ["acted"]);
