import type { UsageReading } from '../usage/usage.js';

/** POSTs that no provider charges for: counting tokens and uploading. */
const freePaths =
  /count_tokens$|:countTokens$|\/input_tokens$|\/count-tokens:rawPredict$|\/files$|\/uploads(\/|$)/;

/** What is known of the cost of a request that passed through unmetered. */
export function unmeteredReading(method: string, path: string, failed: boolean): UsageReading {
  if (failed) return { status: 'not_billed', reason: 'the provider answered with an error' };
  const free = method !== 'POST' || freePaths.test(path);
  return free
    ? { status: 'not_billed', reason: 'this request is free of charge' }
    : { status: 'no_usage', reason: 'this path is passed through unmetered' };
}
