export { adjustmentId } from './adjustment-id.js';
export type { CloseRequest } from './close-month.js';
export { readClosings } from './closings-file.js';
export { openCorrections, type Corrections } from './corrections.js';
export type { BooksToCorrect, BooksToWalk, Price, WalkProgress } from './ports.js';
export { reprice, type RepriceRequest } from './reprice.js';
export { walkCalls, type AdjustedCall, type WalkScope } from './walk-calls.js';
