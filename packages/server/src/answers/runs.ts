import {
  buildRun,
  buildRuns,
  runKinds,
  type ListedKind,
  type RunList,
  type RunReport,
  type RunRequest,
  type RunsRequest,
} from '@farthing/core';
import type { Answer } from './answer.js';
import type { AnswerParameters } from './answer-parameters.js';
import {
  byParameter,
  filterParameter,
  limitParameter,
  sinceParameter,
  untilParameter,
} from './shared-parameters.js';

type Asked<Request> = Omit<Request, 'now'>;

const listParameters = (standard: string) => ({
  by: byParameter(standard, 'feature,template_version'),
  since: sinceParameter('7d'),
  until: untilParameter,
  filter: filterParameter,
  order: { value: 'order', description: 'dearest, newest or most_calls', default: 'dearest' },
  limit: limitParameter('rows', 20),
});

const readList =
  (kind: ListedKind) =>
  (parameters: AnswerParameters): Asked<RunsRequest> => ({
    kind,
    by: parameters.dimensions(),
    window: parameters.window(),
    filters: parameters.filters(),
    order: parameters.oneOf('order', ['dearest', 'newest', 'most_calls'])!,
    limit: parameters.wholeNumber('limit', 1, 1000)!,
  });

/** Runs of a window, and what a successful one costs by feature, template or anything else. */
export const runsAnswer: Answer<Asked<RunsRequest>, RunList> = {
  name: 'runs',
  summary: 'Agent runs, dearest first, and what a run and a successful one cost by group',
  parameters: listParameters('feature'),
  read: readList('run'),
  build: async ({ books, now }, request) =>
    buildRuns(books, { ...request, now: now().toISOString() }),
};

/** Sessions of a window, and what one costs by segment. */
export const sessionsAnswer: Answer<Asked<RunsRequest>, RunList> = {
  name: 'session',
  path: 'sessions',
  summary: 'Sessions, dearest first, and what a session costs by segment',
  parameters: listParameters('segment'),
  read: readList('session'),
  build: async ({ books, now }, request) =>
    buildRuns(books, { ...request, now: now().toISOString() }),
};

/** One run as a tree, and beside another one. */
export const runAnswer: Answer<Asked<RunRequest>, RunReport> = {
  name: 'run',
  path: 'runs/{id}',
  summary: 'One run, session or trace as a tree with the cost of every step; or beside another',
  parameters: {
    id: { value: 'id', description: 'the run, session or trace', argument: true },
    kind: {
      value: 'kind',
      description: 'run, session or trace; default: whichever has this id, in that order',
    },
    against: { value: 'id', description: 'compare with this one: which step differs' },
    limit: limitParameter('steps', 100),
  },
  read: (parameters) => {
    const kind = parameters.oneOf('kind', runKinds);
    const against = parameters.text('against');
    return {
      id: parameters.text('id')!,
      limit: parameters.wholeNumber('limit', 1, 10_000)!,
      ...(kind === undefined ? {} : { kind }),
      ...(against === undefined ? {} : { against }),
    };
  },
  build: async ({ books, now }, request) =>
    buildRun(books, { ...request, now: now().toISOString() }),
};
