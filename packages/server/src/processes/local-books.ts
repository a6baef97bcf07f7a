import type { LocalBooks } from '../cli/context.js';
import { startLedger } from '../ledger/index.js';
import { finishPending } from '../privacy/index.js';
import type { Store } from '../store/store.js';
import { openDataDirectory } from './data-directory.js';
import { entryJournal } from './entry-journal.js';

/** Opens store and journals in this process: for commands that run while no control plane does. */
export async function openLocalBooks(options: {
  dataDirectory: string;
  openStore: (dataDirectory: string) => Promise<Store>;
}): Promise<LocalBooks> {
  const dataDirectory = openDataDirectory(options.dataDirectory);
  const store = await options.openStore(dataDirectory);
  const ledger = startLedger({ dataDirectory, store, onBooked: () => {} });
  const entries = entryJournal({ dataDirectory, name: 'import' });
  await finishPending({
    dataDirectory,
    store,
    bookAll: () => ledger.drain(),
    now: () => new Date(),
  });
  return {
    store,
    appendEntries: (batch) => entries.append(batch),
    bookAll: () => ledger.drain(),
    ledgerStatus: () => ledger.status(),
    async close() {
      await entries.close();
      await ledger.stop();
      await store.close();
    },
  };
}
