import { join } from 'node:path';

/** Where budgets keep what they must remember, below the data directory. */
export function budgetFiles(dataDirectory: string) {
  const directory = join(dataDirectory, 'budgets');
  return {
    directory,
    /** What people changed by command or over HTTP: append-only. */
    changes: join(directory, 'changes.jsonl'),
    /** What was decided about calls. */
    decisions: join(directory, 'decisions.jsonl'),
    /** What calls of each kind take, as learned. */
    learned: join(directory, 'learned.json'),
    /** How the breakers are of the gateway that writes this journal. */
    breakers: (journal = 'gateway') =>
      join(directory, journal === 'gateway' ? 'breakers.json' : `breakers-${journal}.json`),
    /** What runs are like, and those that are open, of the same gateway. */
    runs: (journal = 'gateway') =>
      join(directory, journal === 'gateway' ? 'runs.json' : `runs-${journal}.json`),
    /** Confirmations that wait for their call, and marks of used ones. */
    acknowledged: join(directory, 'acknowledged'),
    /** The name of this data directory among those that share budgets. */
    name: join(directory, 'name'),
    /** Which memory of Redis its gateways have spoken to. */
    memory: join(directory, 'redis-memory'),
    /** Balances as the gateway that writes this journal has them. */
    balances: (journal = 'gateway') =>
      join(directory, journal === 'gateway' ? 'balances.json' : `balances-${journal}.json`),
  };
}

/** What goes wrong beside the calls is told here and harms none of them. */
export interface BudgetLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
