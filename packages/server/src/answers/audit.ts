import { buildAudit, type AuditReport, type AuditRequest } from '@farthing/core';
import type { Answer } from './answer.js';
import {
  byParameter,
  filterParameter,
  limitParameter,
  sinceParameter,
  untilParameter,
} from './shared-parameters.js';

export const auditAnswer: Answer<AuditRequest, AuditReport> = {
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
  build: ({ books }, request) => buildAudit((query) => books.query(query), request),
};
