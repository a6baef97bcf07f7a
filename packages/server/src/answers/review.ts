import { buildReview, type Review, type ReviewRequest } from '@farthing/core';
import type { Answer } from './answer.js';
import { filterParameter, sinceParameter, untilParameter } from './shared-parameters.js';

export const reviewAnswer: Answer<Omit<ReviewRequest, 'now'>, Review> = {
  name: 'review',
  summary: 'The week on one page: spend and why it changed, what stands out, three things to do',
  parameters: {
    since: sinceParameter('7d'),
    until: untilParameter,
    filter: filterParameter,
  },
  read: (parameters) => ({
    window: parameters.window(),
    filters: parameters.filters(),
  }),
  build: async ({ books, prices, budgets, now }, request) => {
    const access = await budgets();
    return buildReview(
      {
        books,
        prices: await prices(),
        budgets: access === undefined ? [] : (await access.list()).budgets,
      },
      { ...request, now: now().toISOString() },
    );
  },
};
