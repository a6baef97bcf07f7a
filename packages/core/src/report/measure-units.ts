import type { Measure } from './query.js';

/** What a measure's figures are: decimal USD, whole counts, milliseconds, proportions, or ISO times. */
export type MeasureUnit = 'usd' | 'count' | 'average' | 'ms' | 'ratio' | 'time';

const others: Partial<Record<Measure, MeasureUnit>> = {
  tokens_input_average: 'average',
  tokens_output_average: 'average',
  output_input_ratio: 'ratio',
  cache_hit_ratio: 'ratio',
  error_rate: 'ratio',
  first_call_at: 'time',
  last_call_end_at: 'time',
  cost_of_calls: 'usd',
  unattributed_cost: 'usd',
  retries_cost: 'usd',
  reported_cost: 'usd',
  list_cost: 'usd',
  adjusted_cost: 'usd',
  estimated_cost: 'usd',
  compared_cost: 'usd',
};

export function unitOf(measure: Measure): MeasureUnit {
  const known = others[measure];
  if (known !== undefined) return known;
  if (measure === 'cost' || measure.startsWith('cost_')) return 'usd';
  return measure.startsWith('duration_') || measure.startsWith('first_byte_') ? 'ms' : 'count';
}

const statistics = /_(p\d\d|min|max|average)$|^cost_per_|^(sessions|runs|users)$/;

/** Whether the figures of groups that share no call add up to that of all of them. */
export function addsUp(measure: Measure): boolean {
  const unit = unitOf(measure);
  return (unit === 'usd' || unit === 'count') && !statistics.test(measure);
}
