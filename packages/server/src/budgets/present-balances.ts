import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Escrow, identityOf, type AccountState, type Budget } from '@farthing/core';
import { isProcessAlive } from '../control/control-file.js';
import { readBalances, type Balances } from './balances-file.js';
import { budgetFiles } from './budget-files.js';
import { countJournals } from './count-journals.js';
import { restoreAccounts } from './escrow-store.js';

export interface PresentBalances {
  accounts: AccountState[];
  /** When they were so: what a running gateway has written last, or now. */
  asOf: string;
  /** Whether a gateway runs that keeps them. */
  live: boolean;
  /** Whether they stand in Redis. */
  shared: boolean;
}

/**
 * Balances for somebody who is no gateway: those that the running one wrote last (at most two seconds
 * old while calls come), or, where none runs, what its snapshot and the journals add up to. Changes nothing.
 */
export async function presentBalances(
  dataDirectory: string,
  budgets: readonly Budget[],
  now: number,
): Promise<PresentBalances> {
  const snapshot = newestBalances(dataDirectory);
  if (snapshot !== null && (snapshot.shared || isProcessAlive(snapshot.pid))) {
    const { accounts, writtenAt, shared, pid } = snapshot;
    return { accounts: [...accounts], asOf: writtenAt, live: isProcessAlive(pid), shared };
  }
  const escrow = new Escrow();
  const covered = new Set(snapshot?.covers ?? []);
  const taken = budgets.filter((budget) => covered.has(identityOf(budget)));
  restoreAccounts(escrow, snapshot?.accounts ?? [], taken);
  await countJournals({
    dataDirectory,
    book: () => escrow,
    budgets,
    covered: new Set(budgets.map(identityOf).filter((identity) => covered.has(identity))),
    positions: snapshot?.positions ?? {},
    known: new Set(snapshot?.ended),
    now,
  });
  const accounts = [...escrow.accounts()];
  return { accounts, asOf: new Date(now).toISOString(), live: false, shared: false };
}

function newestBalances(dataDirectory: string): Balances | null {
  const { directory } = budgetFiles(dataDirectory);
  let names: string[];
  try {
    names = readdirSync(directory).filter((name) => /^balances(-[\w-]+)?\.json$/.test(name));
  } catch {
    return null;
  }
  return names
    .map((name) => readBalances(join(directory, name)))
    .reduce(
      (best, one) =>
        one !== null && (best === null || one.writtenAt > best.writtenAt) ? one : best,
      null,
    );
}
