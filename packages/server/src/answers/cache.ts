import { buildCache, type CacheReport, type CacheRequest } from '@farthing/core';
import type { Answer } from './answer.js';
import {
  byParameter,
  filterParameter,
  limitParameter,
  sinceParameter,
  untilParameter,
} from './shared-parameters.js';

export const cacheAnswer: Answer<Omit<CacheRequest, 'now'>, CacheReport> = {
  name: 'cache',
  summary: 'What prompt caching returns after write costs, and what another setting would save',
  parameters: {
    by: byParameter('feature,template_version', 'feature'),
    since: sinceParameter('7d'),
    until: untilParameter,
    filter: filterParameter,
    limit: limitParameter('groups', 200),
  },
  read: (parameters) => ({
    by: parameters.dimensions(),
    window: parameters.window(),
    filters: parameters.filters(),
    limit: parameters.wholeNumber('limit', 1, 1_000)!,
  }),
  build: async ({ books, prices, now }, request) =>
    buildCache(books, await prices(), { ...request, now: now().toISOString() }),
};
