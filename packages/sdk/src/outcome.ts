import { entryEvent, entrySchema, FarthingError, type Entry, type Tags } from '@farthing/core';
import { mergeTags } from './context/merge-tags.js';
import { readTags, type TagsInput } from './context/read-tags.js';
import { uuidAt } from './uuid.js';

/** What became of a run. */
export interface OutcomeInput {
  /** Whether the run did what it was for. */
  success: boolean;
  /** How well, from 0 to 1, where that is known. */
  score?: number | undefined;
  /** Who the run was for, where this process does not know it any more. */
  tags?: TagsInput | undefined;
}

/**
 * The record of an outcome: an entry that costs nothing, of the API `outcome`, with the run's tags and
 * the custom tags `outcome` (`success` or `failure`) and `score`. Reports count successes by it, and
 * divide what the same feature, run or user has cost.
 * @internal
 */
export function outcomeEntry(
  runId: string,
  { success, score, tags }: OutcomeInput,
  known: Tags,
  now: number,
): Entry {
  if (typeof runId !== 'string' || runId === '') {
    throw new FarthingError(
      'outcome_invalid',
      'The first argument of `outcome` is the id of a run.',
    );
  }
  if (typeof success !== 'boolean') {
    throw new FarthingError('outcome_invalid', '`success` must be true or false.');
  }
  if (score !== undefined && !(score >= 0 && score <= 1)) {
    throw new FarthingError('outcome_invalid', '`score` must be a number from 0 to 1.');
  }
  const own: Tags = {
    run: runId,
    custom: {
      outcome: success ? 'success' : 'failure',
      ...(score === undefined ? {} : { score: String(score) }),
    },
  };
  const at = new Date(now).toISOString();
  return {
    schema: entrySchema,
    event: entryEvent,
    id: uuidAt(now),
    kind: 'call',
    source: 'sdk',
    started_at: at,
    ended_at: at,
    duration_ms: 0,
    provider: 'farthing',
    api: 'outcome',
    stream: false,
    model_requested: null,
    model: null,
    outcome: 'unmetered',
    http_status: null,
    attempt: 1,
    usage: null,
    cost: { usd: '0', status: 'not_billed', reason: 'the outcome of a run', charges: [] },
    tags: mergeTags(mergeTags(known, tags === undefined ? {} : readTags(tags)), own),
  };
}
