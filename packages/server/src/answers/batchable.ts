import { buildBatchable, type Batchable, type BatchableRequest } from '@farthing/core';
import type { Answer } from './answer.js';
import { filterParameter, sinceParameter, untilParameter } from './shared-parameters.js';

export const batchableAnswer: Answer<Omit<BatchableRequest, 'now'>, Batchable> = {
  name: 'batchable',
  summary: 'Work that nobody seems to wait for, and what it would save as batches',
  parameters: {
    since: sinceParameter('30d'),
    until: untilParameter,
    filter: filterParameter,
    least_share: {
      value: 'share',
      description: 'work that costs less of all spend is left out',
      default: '0.01',
    },
  },
  read: (parameters) => ({
    window: parameters.window(),
    filters: parameters.filters(),
    leastShare: parameters.share('least_share')!,
  }),
  build: async ({ books, prices, now }, request) =>
    buildBatchable(books, await prices(), { ...request, now: now().toISOString() }),
};
