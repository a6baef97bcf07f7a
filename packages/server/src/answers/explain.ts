import {
  buildExplain,
  buildFrame,
  FarthingError,
  parseMoment,
  parseWindow,
  type ExplainReport,
  type ExplainRequest,
  type Framed,
  type Window,
} from '@farthing/core';
import type { Answer } from './answer.js';
import {
  byParameter,
  filterParameter,
  limitParameter,
  sinceParameter,
  untilParameter,
} from './shared-parameters.js';

export const explainAnswer: Answer<ExplainRequest, Framed<ExplainReport>> = {
  name: 'explain',
  summary: 'Why spend changed between two windows: what happened, who did it, since when; exactly',
  parameters: {
    since: sinceParameter('7d'),
    until: untilParameter,
    against: {
      value: 'window',
      description:
        'what to compare with: previous, the beginning of a window of the same length (2026-03-01), or both ends (14d..7d)',
      default: 'previous',
    },
    by: {
      ...byParameter('feature', 'tenant'),
      value: 'dimension',
      description: 'whose causes to tell: feature, tenant, agent, environment, …',
    },
    filter: filterParameter,
    limit: limitParameter('causes', 20),
  },
  read: (parameters) => {
    const window = parameters.window();
    const against = parameters.naming('against', () =>
      readAgainst(parameters.text('against')!, window, parameters.now),
    );
    const [by, ...more] = parameters.dimensions();
    if (by === undefined || more.length > 0) {
      parameters.naming('by', () => {
        throw new FarthingError('invalid_parameter', 'by takes one dimension, e.g. feature.');
      });
    }
    return {
      window,
      ...(against === undefined ? {} : { against }),
      by: by!,
      filters: parameters.filters(),
      limit: parameters.wholeNumber('limit', 1, 1000)!,
    };
  },
  build: async ({ books, now }, request) => {
    const [frame, report] = await Promise.all([
      buildFrame(books, { ...request, now: now().toISOString() }),
      buildExplain((query) => books.query(query), request),
    ]);
    return { frame, ...report };
  },
};

/** The earlier window; undefined for the one right before. Throws `invalid_window`. */
function readAgainst(text: string, window: Window, now: Date): Window | undefined {
  if (text.trim() === 'previous') return undefined;
  const [since = '', until, ...more] = text.split('..');
  if (more.length > 0) {
    throw new FarthingError(
      'invalid_window',
      `"${text}" is not a window. Write previous, its beginning (2026-03-01) or both ends (14d..7d).`,
    );
  }
  if (until !== undefined) return parseWindow({ since, until }, now)!;
  const from = parseMoment(since, now);
  const length = Date.parse(window.to) - Date.parse(window.from);
  return { from, to: new Date(Date.parse(from) + length).toISOString() };
}
