import type { PriceRule, Rates, Threshold } from '../price-rows.js';

const source = 'https://platform.openai.com/docs/pricing (two price lists that agree, 2026-08)';
const provider = 'openai';
/** Priority is offered up to the long-context bound only. */
const upTo272k: Threshold = { op: 'lte', tokens: 272_000 };

/** Priority as a multiple of the standard rates; it stays one when these are cut. */
const priorityFactors: readonly [factor: string, models: readonly string[], Threshold?][] = [
  ['1.7', ['gpt-4o', 'gpt-4o-latest']],
  ['1.75', ['gpt-4o-2024-05-13', 'gpt-4.1', 'gpt-4.1-mini', 'o3']],
  ['1.8', ['gpt-5-mini']],
  ['2', ['gpt-4.1-nano', 'gpt-5', 'gpt-5.1', 'gpt-5.2', 'gpt-5.3-codex']],
  ['2', ['gpt-5.4', 'gpt-5.4-mini', 'gpt-5.6-luna', 'gpt-5.6-terra', 'gpt-5.6-sol'], upTo272k],
  ['2', ['gpt-6-luna', 'gpt-6-sol', 'gpt-6-astra', 'gpt-6.1-terra', 'gpt-6.1-sol'], upTo272k],
  ['2.5', ['gpt-5.5'], upTo272k],
];

const tierRates = (
  model: string,
  service_tier: string,
  rates: Rates,
  threshold?: Threshold,
): PriceRule => ({
  provider,
  model,
  when: { service_tier },
  ...(threshold === undefined ? {} : { threshold }),
  rates,
  source,
});

/**
 * Service tiers of OpenAI. Batch and flex cost half of standard, cached input and long context
 * included; the rows with rates are where the published figure is not that fraction.
 */
export const openaiServiceTierRules: readonly PriceRule[] = [
  ...['openai', 'azure'].flatMap((owner) => [
    ...['batch', 'flex'].map((service_tier): PriceRule => ({
      provider: owner,
      model: '*',
      when: { service_tier },
      multiply: { tokens: '0.5' },
      source,
    })),
    ...['scale', 'provisioned_throughput'].map((service_tier): PriceRule => ({
      provider: owner,
      model: '*',
      when: { service_tier },
      contract: `Tier "${service_tier}" is paid by capacity, not by token: add your contract rates to your price overrides`,
      source,
    })),
  ]),
  ...priorityFactors.flatMap(([factor, models, threshold]) =>
    models.map((model): PriceRule => ({
      provider,
      model,
      when: { service_tier: 'priority' },
      ...(threshold === undefined ? {} : { threshold }),
      multiply: { tokens: factor },
      source,
    })),
  ),
  tierRates('gpt-4o-mini', 'priority', { input: '0.25', cache_read: '0.125', output: '1' }),
  tierRates('o4-mini', 'priority', { input: '2', cache_read: '0.5', output: '8' }),
  tierRates('o4-mini', 'flex', { cache_read: '0.138' }),
  tierRates('gpt-5.4', 'flex', { cache_read: '0.13' }, upTo272k),
  tierRates('gpt-5.4', 'batch', { cache_read: '0.13' }, upTo272k),
  tierRates('gpt-3.5-turbo-1106', 'batch', { input: '1', output: '2' }),
  tierRates('gpt-3.5-turbo-0613', 'batch', { input: '1.5', output: '2' }),
  tierRates('gpt-3.5-0301', 'batch', { input: '1.5', output: '2' }),
];
