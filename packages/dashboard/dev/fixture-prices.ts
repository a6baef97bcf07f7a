import type { ModelPriceRow, PriceView } from '@farthing/core';

const base = { layer: 'base', book: 'genai-prices@0.1.8' } as const;
const overlay = { layer: 'overlay', book: 'farthing-overlay@2026-11' } as const;
const list = 'https://example.com/pricing';

/** Prices of a made-up house contract over published ones, with everything that a row can say. */
export function priceView(provider: string, model: string, at: string): PriceView | null {
  if (provider === 'vllm' || model.startsWith('ft:')) return null;
  const name = { provider, model };
  const rows: ModelPriceRow[] = [
    {
      ...name,
      ...base,
      to: '2026-07-30T00:00:00Z',
      complete: true,
      rates: { input: '1.5', cache_read: '0.15', output: '12' },
      source: list,
    },
    {
      ...name,
      ...base,
      from: '2026-07-30T00:00:00Z',
      complete: true,
      rates: { input: '1.25', cache_read: '0.125', output: '10' },
      source: list,
    },
    {
      ...name,
      ...overlay,
      when: { service_tier: 'batch' },
      multiply: { tokens: '0.5' },
      source: list,
    },
    {
      ...name,
      ...overlay,
      threshold: { op: 'gt', tokens: 272_000 },
      rates: { input: '2.5', cache_read: '0.25', output: '15' },
      source: list,
    },
    {
      ...name,
      layer: 'override',
      book: 'prices/contract.yaml',
      from: '2026-09-01T00:00:00Z',
      multiply: { all: '0.88' },
      source: 'contract 2026-09, clause 4',
    },
  ];
  const price = { book: 'genai-prices@0.1.8', ...name, effective_from: '2026-07-30T00:00:00Z' };
  const rate = (
    unit: PriceView['rates'][number]['unit'],
    rate_usd: string,
    list_rate_usd: string,
  ) => ({
    unit,
    rate_usd,
    per: 1_000_000,
    list_rate_usd,
    source: 'override' as const,
    price,
  });
  return {
    ...name,
    owner: provider,
    match: 'exact',
    matched_id: model,
    aliases: [`${model}-2026-07-30`, `${provider}/${model}`],
    at,
    rates: [
      rate('input', '1.1', '1.25'),
      rate('cache_read', '0.11', '0.125'),
      rate('output', '8.8', '10'),
    ],
    others: [],
    rows,
  };
}
