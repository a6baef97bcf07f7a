export type { Damage } from './damage.js';
export { startLedger, type Ledger, type LedgerOptions, type LedgerStatus } from './start-ledger.js';
