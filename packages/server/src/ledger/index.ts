export { bookedLines, hasReached } from './booked-lines.js';
export { findBookedCall, type BookedCall } from './booked-call.js';
export { checkEntry } from './check-entry.js';
export type { Damage } from './damage.js';
export type { TailReading } from './journal-tail.js';
export { JournalTails } from './journal-tails.js';
export { readEntriesAt } from './read-entries-at.js';
export { readBookedEntries, readJournalledEntry, windowOf } from './journalled-entries.js';
export { startLedger, type Ledger, type LedgerOptions, type LedgerStatus } from './start-ledger.js';
