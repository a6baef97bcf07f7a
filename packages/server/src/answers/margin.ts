import { buildMargin, type Framed, type MarginReport, type MarginRequest } from '@farthing/core';
import { readSavedRevenue } from '../revenue/index.js';
import type { Answer } from './answer.js';
import {
  filterParameter,
  limitParameter,
  sinceParameter,
  untilParameter,
} from './shared-parameters.js';

export const marginAnswer: Answer<Omit<MarginRequest, 'now'>, Framed<MarginReport>> = {
  name: 'margin',
  summary: 'Revenue against cost: who costs more than they pay, by tenant, user or plan',
  parameters: {
    by: {
      value: 'whom',
      description: 'tenant, user or plan; default: whom the revenue names',
      example: 'tenant',
    },
    since: sinceParameter('month'),
    until: untilParameter,
    filter: filterParameter,
    limit: limitParameter('accounts', 100),
  },
  read: (parameters) => {
    const by = parameters.oneOf('by', ['tenant', 'user', 'plan'] as const);
    return {
      ...(by === undefined ? {} : { by }),
      window: parameters.window(),
      filters: parameters.filters(),
      limit: parameters.wholeNumber('limit', 1, 10_000)!,
    };
  },
  build: async ({ books, dataDirectory, now }, request) => {
    const saved = await readSavedRevenue(dataDirectory);
    return buildMargin(books, saved?.lines ?? [], { ...request, now: now().toISOString() });
  },
};
