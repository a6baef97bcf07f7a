export * from './provider-report.js';
export * from './result.js';
