/** What passed and what failed. */
export interface Tally {
  passed: number;
  failed: number;
}

/** Makes the function that runs one check, says how it went, and goes on. */
export function createCheck(tally: Tally): Check {
  return async (title, run) => {
    try {
      await run();
      tally.passed += 1;
      console.log(`  ok  ${title}`);
    } catch (error) {
      tally.failed += 1;
      console.log(`  FAILED  ${title}\n${String(error instanceof Error ? (error.stack ?? error) : error)}`);
    }
  };
}

/** Runs one check. Never rejects: what is thrown is the failure. */
export type Check = (title: string, run: () => unknown) => Promise<void>;
