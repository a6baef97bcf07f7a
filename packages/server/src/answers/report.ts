import {
  asOfClosing,
  buildReport,
  parseMoment,
  parseWindow,
  readBucket,
  readList,
  readMeasure,
  type Report,
  type ReportRequest,
  type Window,
} from '@farthing/core';
import { readClosings } from '../reprice/index.js';
import type { Answer, AnswerSources } from './answer.js';
import type { AnswerParameters } from './answer-parameters.js';
import { readSavedReport } from './saved-reports.js';
import {
  byParameter,
  filterParameter,
  limitParameter,
  untilParameter,
} from './shared-parameters.js';

/** What was asked for; what a saved report leaves open is known when the data directory is. */
type Asked = (from: AnswerSources) => Promise<ReportRequest>;

export const reportAnswer: Answer<Asked, Report> = {
  name: 'report',
  summary: 'What was spent, by feature, model or any other dimension, with shares and totals',
  parameters: {
    by: byParameter('feature', 'feature,model'),
    measures: {
      value: 'measures',
      description: 'measures, comma-separated; the first one orders the rows',
      example: 'cost,calls,cost_p95',
    },
    since: {
      value: 'when',
      description: 'from when: 1h, 24h, 7d, 30d, month, a date or an ISO date-time; default: all',
      example: '24h',
    },
    until: untilParameter,
    as_of: {
      value: 'time',
      description:
        'as known at this time: what was recorded later is left out; or "closed": as the month was closed',
    },
    bucket: {
      value: 'size',
      description: 'one row for each minute, hour, day, week or month',
    },
    bucket_format: {
      value: 'format',
      description: 'iso, or prefix: 2024-03-15T14 for an hour, 2024-03-15 for a day',
      default: 'iso',
    },
    filter: filterParameter,
    compare: {
      value: 'window',
      description:
        'beside another window: previous (as long, right before), 2026-02-01 (as long, from then) or 2026-02-01..2026-03-01',
      example: 'previous',
    },
    top: { value: 'groups', description: 'so many groups, and all others as one' },
    limit: limitParameter('rows', 1000),
    saved: {
      value: 'name',
      description: 'a saved report; what is given besides it holds instead of what was saved',
    },
  },
  read: (parameters) => {
    const asked = readReport(parameters);
    const saved = parameters.text('saved');
    if (saved === undefined) return (from) => withClosing(asked, parameters, from);
    return async (from) => {
      const { parameters: texts } = await readSavedReport(from.dataDirectory, saved);
      const both = parameters.over(texts);
      return withClosing(readReport(both), both, from);
    };
  },
  build: async (sources, asked) => buildReport(sources.books, await asked(sources)),
};

/** Throws `ParameterError` for what is no report. */
export function readReport(parameters: AnswerParameters): ReportRequest {
  const { now } = parameters;
  const ends = { since: parameters.text('since'), until: parameters.text('until') };
  const window = parameters.naming(ends.since === undefined ? 'until' : 'since', () =>
    parseWindow(ends, now),
  );
  const given = {
    measures: parameters.read('measures', (text) =>
      readList(text).map((name) => readMeasure(name)),
    ),
    window,
    bucket: parameters.read('bucket', readBucket),
    bucketFormat: parameters.oneOf('bucket_format', ['iso', 'prefix']),
    compare: parameters.read('compare', (text) => readCompared(text, window, now)),
    top: parameters.wholeNumber('top', 1, 1000),
    asOf: parameters.read('as_of', (text) =>
      text === 'closed' ? undefined : parseMoment(text, now),
    ),
  };
  return {
    by: parameters.dimensions(),
    filters: parameters.filters(),
    limit: parameters.wholeNumber('limit', 1, 100_000)!,
    now: now.toISOString(),
    ...(Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    ) as Partial<ReportRequest>),
  };
}

function readCompared(text: string, window: Window | undefined, now: Date): 'previous' | Window {
  if (text === 'previous') return text;
  const [since = '', until] = text.split('..');
  if (until !== undefined) return parseWindow({ since, until }, now)!;
  const from = parseMoment(since, now);
  const length = window === undefined ? 0 : Date.parse(window.to) - Date.parse(window.from);
  return { from, to: new Date(Date.parse(from) + length).toISOString() };
}

/** "closed" is the time of a closing, which only the books know. */
async function withClosing(
  request: ReportRequest,
  parameters: AnswerParameters,
  { dataDirectory }: AnswerSources,
): Promise<ReportRequest> {
  if (parameters.text('as_of') !== 'closed') return request;
  const closings = await readClosings(dataDirectory);
  return {
    ...request,
    asOf: parameters.naming('as_of', () => asOfClosing(request.window, closings)),
  };
}
