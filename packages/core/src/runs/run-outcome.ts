import type { Entry } from '../entry.js';

/** The API of the records that say what became of a run: see `outcome(runId, …)` of the SDK. */
export const outcomeApi = 'outcome';

/** The custom tag of such a record that holds `success` or `failure`. */
export const outcomeTag = 'outcome';

/** The custom tag of such a record that holds its score, from 0 to 1, where one was given. */
export const scoreTag = 'score';

/** What became of a run, as its records say; other words than these are an application's own. */
export const runOutcomes = ['success', 'failure'] as const;

/**
 * Whether the entry says what became of a run. It is neither a call nor a use of a tool: it costs
 * nothing, and no count of calls has it.
 */
export function isOutcomeRecord({ api }: Pick<Entry, 'api'>): boolean {
  return api === outcomeApi;
}
