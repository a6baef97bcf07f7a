import {
  buildOutliers,
  type Framed,
  type OutlierReport,
  type OutlierRequest,
} from '@farthing/core';
import type { Answer } from './answer.js';
import { filterParameter, sinceParameter, untilParameter } from './shared-parameters.js';

export const outliersAnswer: Answer<Omit<OutlierRequest, 'now'>, Framed<OutlierReport>> = {
  name: 'outliers',
  summary: 'Calls that cost far more than their peers, each with what made it cost more',
  parameters: {
    top: { value: 'calls', description: 'most calls, the dearest first', default: '20' },
    feature: { value: 'feature', description: 'only calls of this feature', example: 'search' },
    since: sinceParameter('7d'),
    until: untilParameter,
    filter: filterParameter,
  },
  read: (parameters) => {
    const feature = parameters.text('feature');
    return {
      top: parameters.wholeNumber('top', 1, 1000)!,
      window: parameters.window(),
      filters: [
        ...parameters.filters(),
        ...(feature === undefined
          ? []
          : [{ dimension: 'feature' as const, op: 'in' as const, values: [feature] }]),
      ],
    };
  },
  build: ({ books, now }, request) =>
    buildOutliers(books, { ...request, now: now().toISOString() }),
};
