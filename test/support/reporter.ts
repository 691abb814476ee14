import Mocha from "mocha";

const { EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Mocha.Runner.constants;

/** Mocha's own report, ended by the one line that continuous integration reads. */
export default class Reporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const counts = { passed: 0, failed: 0, skipped: 0 };
    runner.on(EVENT_TEST_PASS, () => {
      counts.passed += 1;
    });
    runner.on(EVENT_TEST_FAIL, () => {
      counts.failed += 1;
    });
    runner.on(EVENT_TEST_PENDING, () => {
      counts.skipped += 1;
    });
    const line = () => `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
    runner.once(EVENT_RUN_END, () => process.once("exit", () => process.stdout.write(`${line()}\n`)));
  }
}
