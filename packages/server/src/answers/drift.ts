import {
  buildDrift,
  buildFrame,
  type DriftReport,
  type DriftRequest,
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

const estimated = ['What calls were expected to take before they left; what they took is counted.'];

export const driftAnswer: Answer<DriftRequest, Framed<DriftReport>> = {
  name: 'drift',
  summary: 'Where estimates are off: direction, size, since when; and whose P95 moved',
  parameters: {
    by: byParameter('feature', 'feature,template_version'),
    since: sinceParameter('7d'),
    until: untilParameter,
    threshold: {
      value: 'share',
      description: 'calls further from their estimate are counted (default: as configured, 0.3)',
    },
    filter: filterParameter,
    limit: limitParameter('groups', 1000),
  },
  read: (parameters) => {
    const threshold = parameters.share('threshold', 1000);
    return {
      by: parameters.dimensions(),
      window: parameters.window(),
      filters: parameters.filters(),
      limit: parameters.wholeNumber('limit', 1, 10_000)!,
      ...(threshold === undefined ? {} : { threshold }),
    };
  },
  build: async ({ books, driftThreshold, now }, request) => {
    const [frame, report] = await Promise.all([
      buildFrame(books, { ...request, now: now().toISOString(), estimated }),
      buildDrift((query) => books.query(query), {
        ...(driftThreshold === undefined ? {} : { threshold: driftThreshold }),
        ...request,
      }),
    ]);
    return { frame, ...report };
  },
};
