import { describeCrashes } from "../support/crashSweep.ts";

// test/soak/crashes.test.ts tries every profile at every moment.
describeCrashes(["standard"], ["acted"]);
