export { startFakeProvider, type FakeProvider, type FakeProviderOptions } from './fake-provider.js';
export type { BilledOutcome, BookLine, Books, BooksReport, RejectionLine } from './books.js';
export type { BilledKind } from './billing.js';
export { keyIdOf } from './identity.js';
export type { Latency } from './latency.js';
export type { ReceivedRequest } from './received.js';
