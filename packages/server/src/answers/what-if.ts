import {
  cacheSettings,
  buildWhatIf,
  readScenarioPrice,
  type Scenario,
  type WhatIf,
  type WhatIfRequest,
} from '@farthing/core';
import type { Answer } from './answer.js';
import type { AnswerParameter, AnswerParameters } from './answer-parameters.js';
import {
  byParameter,
  filterParameter,
  limitParameter,
  sinceParameter,
  untilParameter,
} from './shared-parameters.js';

const scenarioParameters: Readonly<Record<string, AnswerParameter>> = {
  model: {
    value: 'model',
    description: 'price the calls as this model: an id, or provider/id',
    example: 'gpt-5-mini',
  },
  provider: {
    value: 'provider',
    description: 'at the prices of this provider, of the same models or of `model`',
  },
  batch: { description: 'sent as batches, where the provider has a price for them' },
  cache_hit_ratio: {
    value: 'share',
    description: 'this share of the input is read from the prompt cache, e.g. 0.6',
  },
  cache: {
    value: 'setting',
    description: `a cache setting, played through the prompts as they came: ${cacheSettings.join(', ')}`,
    example: '5m',
  },
  history_cap: { value: 'tokens', description: 'at most so many tokens of earlier turns' },
  output_cap: { value: 'tokens', description: 'at most so many tokens in an answer' },
  output_factor: {
    value: 'factor',
    description: 'answers so many times as long, e.g. 1.3 as samples on the other model showed',
  },
  price: {
    value: 'prices',
    description: 'own prices for `model`, USD per million tokens: input=0.1,output=0.4',
    example: 'input=0.1,output=0.4',
  },
};

const mostTokens = 100_000_000;

export const whatIfAnswer: Answer<Omit<WhatIfRequest, 'now'>, WhatIf> = {
  name: 'whatif',
  summary: 'What these calls would have cost on another model, in batches, cached or shortened',
  parameters: {
    ...scenarioParameters,
    feature: { value: 'feature', description: 'only this feature: short for filter feature=…' },
    by: byParameter('feature', 'feature,model'),
    since: sinceParameter('30d'),
    until: untilParameter,
    filter: filterParameter,
    limit: limitParameter('groups', 1000),
  },
  read: (parameters) => {
    const feature = parameters.text('feature');
    return {
      scenario: readScenario(parameters),
      by: parameters.dimensions(),
      window: parameters.window(),
      filters: [
        ...parameters.filters(),
        ...(feature === undefined
          ? []
          : [{ dimension: 'feature' as const, op: 'in' as const, values: [feature] }]),
      ],
      limit: parameters.wholeNumber('limit', 1, 10_000)!,
    };
  },
  build: async ({ books, prices, now }, request) =>
    buildWhatIf(books, await prices(), { ...request, now: now().toISOString() }),
};

function readScenario(parameters: AnswerParameters): Scenario {
  const given = {
    model: parameters.text('model'),
    provider: parameters.text('provider'),
    batch: parameters.flag('batch') || undefined,
    cache_hit_ratio: parameters.share('cache_hit_ratio'),
    cache: parameters.oneOf('cache', cacheSettings),
    history_cap: parameters.wholeNumber('history_cap', 0, mostTokens),
    output_cap: parameters.wholeNumber('output_cap', 0, mostTokens),
    output_factor: parameters.number('output_factor', 0, 100),
    price: parameters.read('price', readScenarioPrice),
  };
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Scenario;
}
