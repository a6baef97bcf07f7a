import { promptSources } from '../estimate/prompt-sources.js';
import type { Filter, Measure } from '../report/query.js';

/** What is added up over a group of calls to know what is typical of it. All of these are sums. */
export const sumMeasures: Measure[] = [
  'cost',
  'calls',
  'unpriced_calls',
  'cost_input_uncached',
  'cost_cache_read',
  'cost_cache_write',
  'cost_output',
  'cost_other',
  'tokens_input',
  'tokens_input_uncached',
  'tokens_cache_read',
  'tokens_cache_write',
  'tokens_output',
  'tokens_reasoning',
  'prompt_calls',
  ...promptSources.map((source): Measure => `prompt_${source}`),
];

/** What says how the costs of a group spread. */
export const spreadMeasures: Measure[] = [
  'calls',
  'cost_p50',
  'cost_p90',
  'cost_p95',
  'cost_p99',
  'cost_max',
];

/** Calls that were passed through, and those that nobody bills, have no cost to compare with. */
export const billedCalls: Filter[] = [
  { dimension: 'outcome', op: 'not_in', values: ['unmetered'] },
  { dimension: 'cost_status', op: 'not_in', values: ['not_billed'] },
];
