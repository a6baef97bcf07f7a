import { ruleLayer, type PriceLayer, type PriceRule } from '../src/pricing/price-rows.js';
import type { PriceBook } from '../src/pricing/price-book.js';
import type { Cost } from '../src/entry.js';
import { emptyTokens, type TokenBuckets, type Usage } from '../src/usage/usage.js';

export const anvil: PriceRule = {
  provider: 'acme',
  model: 'anvil-1',
  aliases: ['anvil', 'anvil-1-20260101'],
  complete: true,
  rates: { input: '2', cache_read: '0.2', cache_write: '2.5', output: '10', web_searches: '10' },
  source: 'https://acme.example/prices',
};

export const anvilTiers: readonly PriceRule[] = [
  {
    provider: 'acme',
    model: 'anvil-*',
    when: { service_tier: 'batch' },
    multiply: { tokens: '0.5' },
    source: 'https://acme.example/batch',
  },
  {
    provider: 'acme',
    model: 'anvil-*',
    when: { scope: 'regional' },
    multiply: { tokens: '1.1' },
    source: 'https://acme.example/regions',
  },
];

/** A small price list: one model, a tier and a region, and a second provider that resells it. */
export function listLayers(): PriceLayer[] {
  const base = ruleLayer('base', 'list@1', [
    anvil,
    { ...anvil, provider: 'forge', model: 'hammer-9', aliases: [] },
  ]);
  return [
    { ...base, fallbacks: (provider) => (provider === 'reseller' ? ['acme'] : []) },
    ruleLayer('overlay', 'overlay@1', anvilTiers),
  ];
}

export interface CallSpec {
  provider?: string;
  model?: string | null;
  at?: string;
  tokens?: Partial<TokenBuckets>;
  usage?: Partial<Usage>;
}

/** The cost of a call of `acme/anvil-1` on 2026-05-01, unless it says otherwise. */
export function priceCall(book: PriceBook, call: CallSpec = {}): Cost {
  const { provider = 'acme', model = 'anvil-1', at = '2026-05-01T00:00:00Z' } = call;
  const usage: Usage = {
    tokens: { ...emptyTokens(), ...call.tokens },
    details: {},
    units: {},
    modifiers: {},
    estimated: false,
    raw: null,
    notes: [],
    ...call.usage,
  };
  return book.price({
    provider,
    api: 'chat.completions',
    model,
    at,
    reading: { status: 'ok', usage },
  });
}
