import {
  bucketSizes,
  callDimensions,
  measures,
  tagNames,
  type Dimension,
  type Filter,
  type Query,
} from '@farthing/core';
import * as fc from 'fast-check';
import { epoch, hostileTexts } from './arbitrary-entry.js';

const hour = 3_600_000;

const dimension: fc.Arbitrary<Dimension> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...tagNames) },
  { weight: 3, arbitrary: fc.constantFrom(...callDimensions) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('team', 'ticket', 'absent', ...hostileTexts)
      .map((key): Dimension => `tag:${key}`),
  },
);

const words = ['feature-a', 'feature-b', 'tenant-a', 'model-a', 'model-b', 'openai', 'anthropic'];
const more = [
  '0',
  '16000',
  '64000',
  '08',
  '13',
  '5',
  'run-a',
  'team-b',
  'agent:step-a',
  'ok',
  'error',
  'priced',
  'unknown_model',
  'true',
  '200',
  '1',
  '2',
  'team-a',
  'none',
];

const filter: fc.Arbitrary<Filter> = fc.record({
  dimension,
  op: fc.constantFrom('in' as const, 'not_in' as const),
  values: fc.uniqueArray(fc.constantFrom(null, ...words, ...more, ...hostileTexts), {
    maxLength: 6,
  }),
});

/** Ends on whole hours, off them, inside one hour, and the wrong way round. */
const moment = fc.oneof(
  fc.integer({ min: -2, max: 76 }).map((hours) => epoch + hours * hour),
  fc.integer({ min: -2 * hour, max: 76 * hour }).map((offset) => epoch + offset),
  fc.integer({ min: -1000 * hour, max: 1000 * hour }).map((offset) => epoch + offset),
);
const window = fc
  .tuple(moment, moment)
  .map(([from, to]) => ({ from: new Date(from).toISOString(), to: new Date(to).toISOString() }));

export const arbitraryQuery: fc.Arbitrary<Query> = fc
  .record({
    measures: fc.uniqueArray(fc.constantFrom(...measures), { minLength: 1, maxLength: 6 }),
    dimensions: fc.uniqueArray(dimension, { maxLength: 3 }),
    filters: fc.array(filter, { maxLength: 2 }),
    window: fc.option(window, { nil: undefined }),
    asOf: fc.oneof(
      { weight: 2, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: moment },
    ),
    drift: fc.constantFrom(undefined, undefined, 0, 0.05, 0.3, 2),
    cap: fc.constantFrom(undefined, 0, 100, 10_000),
    bucket: fc.option(fc.constantFrom(...bucketSizes), { nil: undefined }),
    limit: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined, freq: 4 }),
    picks: fc.array(fc.tuple(fc.nat(), fc.constantFrom('asc' as const, 'desc' as const)), {
      maxLength: 2,
    }),
  })
  .map(({ picks, ...query }): Query => {
    const columns = [...query.dimensions, ...query.measures];
    const order = picks.map(([pick, direction]) => ({
      by: columns[pick % columns.length]!,
      direction,
    }));
    return {
      measures: query.measures,
      dimensions: query.dimensions,
      filters: query.filters,
      ...(query.window === undefined ? {} : { window: query.window }),
      ...(query.asOf === undefined ? {} : { as_of: new Date(query.asOf).toISOString() }),
      ...(query.bucket === undefined ? {} : { bucket: query.bucket }),
      ...(query.drift === undefined ? {} : { drift_threshold: query.drift }),
      ...(query.cap === undefined ? {} : { token_cap: query.cap }),
      ...(query.limit === undefined ? {} : { limit: query.limit }),
      ...(order.length === 0 ? {} : { order }),
    };
  });

/** Only sums, over dimensions that roll-ups are expected to have. */
export const arbitraryRollupQuery: fc.Arbitrary<Query> = arbitraryQuery.map(
  ({ as_of: _asOf, ...query }) => ({
    ...query,
    measures: [
      'calls',
      'cost',
      'cost_input',
      'cost_other',
      'retries_cost',
      'unpriced_calls',
      'cost_average',
      'adjustments',
      'adjusted_cost',
      'list_cost',
      'tokens_input',
      'duration_average',
      'reported_cost',
      'unattributed_cost',
      'estimated_calls',
      'compared_calls',
      'estimated_cost',
      'compared_cost',
      'compared_tokens_input',
      'compared_tokens_output',
      'cache_saved',
      'cache_premium',
      'cache_valued_tokens',
      'prompt_calls',
      'prompt_user',
      'cost_per_1k_calls',
      'priced_calls',
      'cost_of_calls',
      'output_input_ratio',
      'cache_hit_ratio',
      'error_rate',
      'tokens_input_average',
    ],
    dimensions: ['feature', 'model', 'hour_of_day'],
    filters: (query.filters ?? []).filter(({ dimension: name }) => name === 'provider'),
    order: [{ by: 'cost' as const, direction: 'desc' as const }],
  }),
);
