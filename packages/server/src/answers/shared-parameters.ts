import type { AnswerParameter } from './answer-parameters.js';

/** Parameters that most answers have, worded once. */

export function byParameter(standard: string, example?: string): AnswerParameter {
  return {
    value: 'dimensions',
    description: 'dimensions, comma-separated: feature, template_version, model, …',
    default: standard,
    ...(example === undefined ? {} : { example }),
  };
}

export function sinceParameter(standard: string): AnswerParameter {
  return {
    value: 'when',
    description: 'from when: 24h, 7d, 30d, month, today, a date or an ISO date-time (UTC)',
    default: standard,
  };
}

export const untilParameter: AnswerParameter = {
  value: 'when',
  description: 'until when (exclusive), in the same forms; default: now',
};

export const filterParameter: AnswerParameter = {
  value: 'dimension=value',
  description:
    'all must hold: feature=search, model!=gpt-4o, provider=openai,anthropic, feature= (not set)',
  example: 'feature=search',
  repeatable: true,
};

export function limitParameter(what: string, standard: number): AnswerParameter {
  return { value: what, description: `most ${what}`, default: String(standard) };
}
