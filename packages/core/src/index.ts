export * from './errors.js';
export * from './entry.js';
export * from './tags.js';
export * from './usage/usage.js';
export * from './pricing/charge.js';
export * from './report/query.js';
export * from './report/call-row.js';
