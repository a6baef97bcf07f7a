import {
  buildAudit,
  buildFrame,
  type AuditReport,
  type AuditRequest,
  type Framed,
} from '@farthing/core';
import type { Answer } from './answer.js';
import {
  byParameter,
  filterParameter,
  limitParameter,
  sinceParameter,
  untilParameter,
} from './shared-parameters.js';

const estimated = [
  'How the input tokens that the provider counted divide among their sources, by their bytes.',
];

export const auditAnswer: Answer<AuditRequest, Framed<AuditReport>> = {
  name: 'audit',
  summary: 'Where input tokens come from, what that costs, and what would save most',
  parameters: {
    by: byParameter('feature', 'feature,template_version'),
    since: sinceParameter('7d'),
    until: untilParameter,
    filter: filterParameter,
    limit: limitParameter('groups', 1000),
  },
  read: (parameters) => ({
    by: parameters.dimensions(),
    window: parameters.window(),
    filters: parameters.filters(),
    limit: parameters.wholeNumber('limit', 1, 10_000)!,
  }),
  build: async ({ books, now }, request) => {
    const [frame, report] = await Promise.all([
      buildFrame(books, { ...request, now: now().toISOString(), estimated }),
      buildAudit((query) => books.query(query), request),
    ]);
    return { frame, ...report };
  },
};
