import {
  FarthingError,
  buildSubstitutions,
  didYouMean,
  taskTypes,
  type Substitutions,
  type SubstitutionsRequest,
  type TaskType,
} from '@farthing/core';
import type { Answer } from './answer.js';
import { filterParameter, sinceParameter, untilParameter } from './shared-parameters.js';

export const substitutionsAnswer: Answer<Omit<SubstitutionsRequest, 'now'>, Substitutions> = {
  name: 'substitutions',
  summary: 'Features that a cheaper model of their provider might serve as well, and what it saves',
  parameters: {
    since: sinceParameter('30d'),
    until: untilParameter,
    filter: filterParameter,
    least_share: {
      value: 'share',
      description: 'features that cost less of all spend are left out',
      default: '0.01',
    },
    task: {
      value: 'feature=task',
      description: `what a feature does, where its name does not tell: ${taskTypes.join(', ')}`,
      example: 'gate=routing',
      repeatable: true,
    },
  },
  read: (parameters) => ({
    window: parameters.window(),
    filters: parameters.filters(),
    leastShare: parameters.share('least_share')!,
    tasks: parameters.naming('task', () =>
      Object.fromEntries(parameters.texts('task').map(readTask)),
    ),
  }),
  build: async ({ books, prices, now }, request) =>
    buildSubstitutions(books, await prices(), { ...request, now: now().toISOString() }),
};

function readTask(text: string): [feature: string, task: TaskType] {
  const equals = text.lastIndexOf('=');
  const task = text.slice(equals + 1).trim();
  if (equals > 0 && (taskTypes as readonly string[]).includes(task)) {
    return [text.slice(0, equals).trim(), task as TaskType];
  }
  throw new FarthingError(
    'invalid_task',
    `"${text}" says no task. Write feature=task, e.g. gate=routing.${didYouMean(task, taskTypes)} Tasks: ${taskTypes.join(', ')}.`,
  );
}
