export type { Damage } from './damage.js';
export { readBookedEntries, readJournalledEntry } from './journalled-entries.js';
export { startLedger, type Ledger, type LedgerOptions, type LedgerStatus } from './start-ledger.js';
