import { type ProfileName, profiles } from "../../emulator/index.ts";
import { describeCrashes } from "../support/lifecycle/crashSweep.ts";

describeCrashes(Object.keys(profiles) as ProfileName[], ["before", "acted", "answered"]);
