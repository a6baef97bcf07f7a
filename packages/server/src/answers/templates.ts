import {
  buildFrame,
  buildTemplates,
  templateOrders,
  type Framed,
  type TemplatesReport,
  type TemplatesRequest,
} from '@farthing/core';
import type { Answer } from './answer.js';
import {
  filterParameter,
  limitParameter,
  sinceParameter,
  untilParameter,
} from './shared-parameters.js';

export const templatesAnswer: Answer<TemplatesRequest, Framed<TemplatesReport>> = {
  name: 'templates',
  summary: 'Each template version against the one before it: cost, tokens, cache, errors, success',
  parameters: {
    since: sinceParameter('7d'),
    until: untilParameter,
    feature: {
      value: 'name',
      description: 'of this feature alone',
      example: 'search',
    },
    filter: filterParameter,
    order: {
      value: 'quantity',
      description: `what is worst: ${templateOrders.join(', ')}; output answers which prompt change doubled output tokens`,
      default: 'cost',
    },
    limit: limitParameter('versions', 100),
  },
  read: (parameters) => {
    const feature = parameters.text('feature');
    const filters = parameters.filters();
    if (feature !== undefined) {
      filters.push({ dimension: 'feature', op: 'in', values: [feature === '' ? null : feature] });
    }
    return {
      window: parameters.window(),
      filters,
      order: parameters.oneOf('order', templateOrders)!,
      limit: parameters.wholeNumber('limit', 1, 10_000)!,
    };
  },
  build: async ({ books, now }, request) => {
    const [frame, report] = await Promise.all([
      buildFrame(books, { ...request, now: now().toISOString() }),
      buildTemplates((query) => books.query(query), request),
    ]);
    return { frame, ...report };
  },
};
