import {
  buildBudgetOutlooks,
  buildForecast,
  buildFrame,
  monthWindow,
  parseMoment,
  readForecastMonth,
  type BudgetOutlook,
  type Forecast,
  type ForecastRequest,
  type Framed,
} from '@farthing/core';
import type { Answer } from './answer.js';
import { ParameterError } from './answer-parameters.js';
import { byParameter, filterParameter, limitParameter } from './shared-parameters.js';

export interface ForecastQuestion extends ForecastRequest {
  month: string;
  /** Whether budgets are asked about. */
  budgets: boolean;
}

export type ForecastAnswer = Framed<Forecast> & {
  /** Where budgets are going; null where it was not asked. */
  budgets: BudgetOutlook[] | null;
};

const estimated = [
  'What is still to come of the month, from the days of the half year before. What is spent is counted.',
];

export const forecastAnswer: Answer<ForecastQuestion, ForecastAnswer> = {
  name: 'forecast',
  summary: 'What a month will have cost at its end, with an interval; and when budgets run out',
  parameters: {
    by: byParameter('feature', 'model'),
    month: {
      value: 'month',
      description: 'which month: 2026-12; at most a year ahead (default: this month)',
      example: '2026-12',
    },
    budgets: { description: 'when each budget runs out, too' },
    at: {
      value: 'when',
      description:
        'the forecast as it was at this time, from the calls before it: a date or an ISO date-time (default: now)',
    },
    filter: filterParameter,
    limit: limitParameter('groups', 20),
  },
  read: (parameters) => {
    const at = parameters.read('at', (text) => parseMoment(text, parameters.now));
    const now = at ?? parameters.now.toISOString();
    if (now > parameters.now.toISOString()) {
      throw new ParameterError(
        'at',
        'invalid_parameter',
        `at must not lie in the future: ${now} is after ${parameters.now.toISOString()}.`,
      );
    }
    const month = parameters.read('month', (text) => readForecastMonth(text, new Date(now)));
    const budgets = parameters.flag('budgets');
    if (budgets && at !== undefined) {
      throw new ParameterError(
        'budgets',
        'invalid_parameter',
        'budgets are forecast from now on: balances of the past are not kept. Leave out at, or budgets.',
      );
    }
    return {
      now,
      month: month ?? now.slice(0, 7),
      by: parameters.dimensions(),
      budgets,
      filters: parameters.filters(),
      limit: parameters.wholeNumber('limit', 1, 500)!,
    };
  },
  build: async (sources, { budgets: asked, ...request }) => {
    const { books } = sources;
    const { now, month, filters = [] } = request;
    const { from, to } = monthWindow(month);
    // Calls after the moment of the forecast are none of its business, though the books may have them.
    const window = { from, to: from < now && now < to ? now : to };
    const [frame, forecast, budgets] = await Promise.all([
      buildFrame(books, { window, filters, now, estimated }),
      buildForecast(books, request),
      asked ? outlooks(sources, now) : null,
    ]);
    return { frame, ...forecast, budgets };
  },
};

async function outlooks(
  { books, budgets }: Parameters<typeof forecastAnswer.build>[0],
  now: string,
): Promise<BudgetOutlook[]> {
  const access = await budgets();
  if (access === undefined) return [];
  return buildBudgetOutlooks(books, (await access.list()).budgets, now);
}
