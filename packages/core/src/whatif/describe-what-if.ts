import type { CacheSetting } from '../cache/cache-settings.js';
import type { ModelName } from '../pricing/model-prices.js';
import { displayUsd } from './display-usd.js';
import type { Incomparable } from './reprice-cell.js';
import type { Scenario } from './scenario.js';
import type { WhatIf } from './what-if.js';

/** The answer in one sentence: what it would have cost, and what that saves. */
export function describeWhatIf(answer: Omit<WhatIf, 'summary' | 'frame'>): string {
  const { calls, actual_usd: actual, repriced_usd: repriced, savings_usd: savings } = answer;
  if (calls === 0) {
    return answer.not_compared.length === 0
      ? 'There is nothing to price: no calls in this window.'
      : `None of the calls can be priced that way: ${answer.not_compared[0]!.sentence}`;
  }
  const how = scenarioInWords(answer.scenario);
  const saved = Number(savings.expected);
  const share = answer.savings_share;
  const percent =
    share === null ? '' : ` (${Math.abs(share * 100).toFixed(share === 0 ? 0 : 1)} %)`;
  const said = `${how}, ${calls.toLocaleString('en-US')} ${calls === 1 ? 'call' : 'calls'} would have cost ${displayUsd(repriced.expected)} instead of ${displayUsd(actual)}`;
  const difference =
    saved === 0
      ? 'nothing saved'
      : `${displayUsd(savings.expected.replace('-', ''))}${percent} ${saved > 0 ? 'less' : 'more'}`;
  const range =
    repriced.low === repriced.high
      ? ''
      : `, between ${displayUsd(repriced.low)} and ${displayUsd(repriced.high)}`;
  const rest = answer.not_compared.reduce((sum, each) => sum + each.calls, 0);
  const left =
    rest === 0 ? '' : ` ${rest.toLocaleString('en-US')} further calls cannot be compared.`;
  return `${said}: ${difference}${range}.${left}`;
}

const cacheWords: Readonly<Record<CacheSetting, string>> = {
  none: 'without caching',
  '5m': 'cached for five minutes',
  '1h': 'cached for an hour',
  '5m_second_sighting': 'cached from the second sighting on',
  stable_first: 'with what stays the same in front',
};

function scenarioInWords(scenario: Scenario): string {
  const { model, provider, batch, cache_hit_ratio: ratio, history_cap, output_cap } = scenario;
  const parts: string[] = [];
  if (model !== undefined) parts.push(`on ${provider === undefined ? '' : `${provider}/`}${model}`);
  else if (provider !== undefined) parts.push(`at the prices of ${provider}`);
  if (scenario.price !== undefined) parts.push('at your own prices');
  if (batch === true) parts.push('sent as batches');
  if (ratio !== undefined)
    parts.push(`with ${Math.round(ratio * 100)} % of the input from a cache`);
  if (scenario.cache !== undefined) parts.push(cacheWords[scenario.cache]);
  if (history_cap !== undefined) {
    parts.push(`with at most ${history_cap.toLocaleString('en-US')} tokens of history`);
  }
  if (output_cap !== undefined) {
    parts.push(`with answers of at most ${output_cap.toLocaleString('en-US')} tokens`);
  }
  if (scenario.output_factor !== undefined) {
    parts.push(`with answers ${scenario.output_factor} times as long`);
  }
  if (parts.length === 0) return 'As they were';
  const words = parts.join(', ');
  return words[0]!.toUpperCase() + words.slice(1);
}

/** Why calls are left out. */
export function reasonSentence(reason: Incomparable, { provider, model }: ModelName): string {
  const whose = model === '' ? 'These calls' : `Calls to ${provider}/${model}`;
  switch (reason) {
    case 'unpriced':
      return `${whose} have no cost to compare with: see "farthing prices missing".`;
    case 'unknown_model':
      return `${whose} have no counterpart there: no price list of the provider has the model.`;
    case 'contract_required':
      return `${whose} would be under a private contract there: add its rates to your prices.`;
    case 'no_token_price':
      return `${whose} would be at a model that is not priced by tokens.`;
    case 'no_batch_price':
      return `${whose} would be at a model that has no batch price.`;
    case 'other_kind_of_call':
      return `${whose} make vectors, images, sound or scores, which the other model does not.`;
  }
}
