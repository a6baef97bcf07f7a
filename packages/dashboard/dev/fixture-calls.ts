import type { CallRow, Charge, CostStatus, Entry, Outcome, Tags } from '@farthing/core';
import type { SeededRandom } from './random.js';

/** USD per million tokens: input, cache read, cache write, output. */
interface Model {
  provider: string;
  api: string;
  name: string;
  rates: [string, string, string, string] | null;
}

const models: Record<string, Model> = {
  mini: {
    provider: 'openai',
    api: 'chat.completions',
    name: 'gpt-5-mini',
    rates: ['0.25', '0.025', '0.25', '2'],
  },
  large: {
    provider: 'openai',
    api: 'responses',
    name: 'gpt-5',
    rates: ['1.25', '0.125', '1.25', '10'],
  },
  nano: {
    provider: 'openai',
    api: 'chat.completions',
    name: 'gpt-4.1-nano',
    rates: ['0.1', '0.025', '0.1', '0.4'],
  },
  embed: {
    provider: 'openai',
    api: 'embeddings',
    name: 'text-embedding-3-small',
    rates: ['0.02', '0.02', '0.02', '0'],
  },
  sonnet: {
    provider: 'anthropic',
    api: 'messages',
    name: 'claude-sonnet-4-5',
    rates: ['3', '0.3', '3.75', '15'],
  },
  haiku: {
    provider: 'anthropic',
    api: 'messages',
    name: 'claude-haiku-4-5',
    rates: ['1', '0.1', '1.25', '5'],
  },
  flash: {
    provider: 'gemini',
    api: 'generateContent',
    name: 'gemini-2.5-flash',
    rates: ['0.3', '0.075', '0.3', '2.5'],
  },
  tuned: {
    provider: 'openai',
    api: 'chat.completions',
    name: 'ft:gpt-4.1-mini:acme:triage:B7x2',
    rates: null,
  },
  local: { provider: 'vllm', api: 'chat.completions', name: 'qwen3-32b-instruct', rates: null },
};

interface Feature {
  name: string | null;
  weight: number;
  models: [string, number][];
  input: number;
  output: number;
  cached: number;
}

const features: Feature[] = [
  {
    name: 'support-assistant',
    weight: 20,
    models: [
      ['sonnet', 7],
      ['haiku', 3],
    ],
    input: 5200,
    output: 420,
    cached: 0.72,
  },
  {
    name: 'contract-review',
    weight: 2.2,
    models: [
      ['sonnet', 8],
      ['large', 2],
    ],
    input: 21000,
    output: 1500,
    cached: 0.35,
  },
  {
    name: 'code-suggestions',
    weight: 17,
    models: [
      ['large', 4],
      ['mini', 6],
    ],
    input: 3800,
    output: 640,
    cached: 0.5,
  },
  {
    name: 'search-embeddings',
    weight: 24,
    models: [['embed', 1]],
    input: 900,
    output: 0,
    cached: 0,
  },
  {
    name: 'ticket-triage',
    weight: 14,
    models: [
      ['nano', 6],
      ['tuned', 1],
      ['flash', 3],
    ],
    input: 1100,
    output: 60,
    cached: 0.2,
  },
  {
    name: 'meeting-notes',
    weight: 5,
    models: [['flash', 1]],
    input: 14000,
    output: 900,
    cached: 0.1,
  },
  {
    name: 'onboarding-emails',
    weight: 4,
    models: [['mini', 1]],
    input: 800,
    output: 520,
    cached: 0.1,
  },
  {
    name: 'report-writer',
    weight: 3,
    models: [['large', 1]],
    input: 6400,
    output: 2600,
    cached: 0.3,
  },
  {
    name: 'product-descriptions',
    weight: 4,
    models: [['mini', 1]],
    input: 600,
    output: 380,
    cached: 0,
  },
  { name: 'fraud-notes', weight: 2, models: [['haiku', 1]], input: 2400, output: 200, cached: 0.4 },
  {
    name: 'sql-copilot',
    weight: 3,
    models: [['sonnet', 1]],
    input: 4100,
    output: 310,
    cached: 0.6,
  },
  {
    name: null,
    weight: 6,
    models: [
      ['mini', 5],
      ['sonnet', 1],
      ['local', 1],
    ],
    input: 1800,
    output: 300,
    cached: 0.1,
  },
];

const segments: [string | null, number][] = [
  ['enterprise', 5],
  ['team', 4],
  ['free', 3],
  [null, 1],
];
const tenants = [
  'acme',
  'globex',
  'initech',
  'umbrella',
  'hooli',
  'stark',
  'wayne',
  'wonka',
  'tyrell',
  'cyberdyne',
  'soylent',
  'oscorp',
];

/** Picodollars as an exact decimal string. */
export function usdOf(pico: bigint): string {
  if (pico < 0n) return `-${usdOf(-pico)}`;
  const digits = pico.toString().padStart(13, '0');
  const fraction = digits.slice(-12).replace(/0+$/, '');
  return `${digits.slice(0, -12)}${fraction === '' ? '' : `.${fraction}`}`;
}
/** A rate in USD per million tokens as picodollars per token: an integer for every published rate. */
const perToken = (rate: string) => BigInt(Math.round(Number(rate) * 1_000_000));

export interface FixtureCall {
  row: CallRow;
  entry: Entry;
}

let serial = 0;
/** One plausible call at a moment (milliseconds since 1970): busy features, skewed sizes, some failures. */
export function makeCall(random: SeededRandom, at: number): FixtureCall {
  const feature = random.weighted(features.map((each) => [each, each.weight] as const));
  const model = models[random.weighted(feature.models)] as Model;
  const trouble = random.next();
  const outcome: Outcome =
    trouble < 0.012 ? 'error' : trouble < 0.018 ? 'aborted' : trouble < 0.02 ? 'interrupted' : 'ok';
  const attempt = random.chance(0.02) ? 2 : 1;
  const allInput = random.skewed(feature.input);
  const hit = random.chance(feature.cached)
    ? Math.floor(allInput * (0.5 + random.next() * 0.4))
    : 0;
  const write = model.provider === 'anthropic' && hit === 0 && random.chance(0.4);
  const output = feature.output === 0 ? 0 : random.skewed(feature.output, 0.8);
  const tokens = {
    input_uncached: write ? Math.floor(allInput * 0.3) : allInput - hit,
    cache_read: hit,
    cache_write: 0,
    cache_write_5m: write ? allInput - Math.floor(allInput * 0.3) : 0,
    cache_write_1h: 0,
    output: outcome === 'aborted' ? Math.floor(output / 3) : output,
    reasoning: model.name === 'gpt-5' ? Math.floor(output * 0.4) : 0,
  };
  const usageKnown = outcome !== 'error' && !random.chance(0.002);
  const status: CostStatus =
    outcome === 'error'
      ? 'not_billed'
      : !usageKnown
        ? 'no_usage'
        : model.rates === null
          ? 'unknown_model'
          : 'priced';
  const charges: Charge[] = [];
  if (status === 'priced' && model.rates !== null) {
    const [inputRate, readRate, writeRate, outputRate] = model.rates;
    const kinds: [string, number, string][] = [
      ['input_uncached', tokens.input_uncached, inputRate],
      ['cache_read', tokens.cache_read, readRate],
      ['cache_write_5m', tokens.cache_write_5m, writeRate],
      ['output', tokens.output, outputRate],
    ];
    for (const [kind, quantity, rate] of kinds) {
      if (quantity === 0) continue;
      const amount = usdOf(BigInt(quantity) * perToken(rate));
      charges.push({ kind, quantity, rate_usd: rate, per: 1_000_000, amount_usd: amount });
    }
    if (
      model.provider === 'anthropic' &&
      feature.name === 'support-assistant' &&
      random.chance(0.05)
    )
      charges.push({
        kind: 'web_searches',
        quantity: 2,
        rate_usd: '10',
        per: 1000,
        amount_usd: '0.02',
      });
  }
  const pico = (kinds: (charge: Charge) => boolean) =>
    charges.filter(kinds).reduce((sum, charge) => sum + picoOf(charge.amount_usd), 0n);
  const priced = status === 'priced';
  const tenant = random.weighted(tenants.map((each, index) => [each, 1 / (index + 1)] as const));
  const segment = random.weighted(segments);
  const tags: Tags = {
    ...(feature.name === null ? {} : { feature: feature.name }),
    tenant,
    user: `u_${(random.integer(1, 400) * 7919).toString(16)}`,
    environment: random.chance(0.9) ? 'production' : 'staging',
    ...(segment === null ? {} : { segment }),
    ...(feature.name === 'support-assistant'
      ? {
          agent: random.pick(['router', 'answerer', 'escalation']),
          template_version: random.pick(['v14', 'v15']),
        }
      : {}),
    ...(random.chance(0.3)
      ? { custom: { team: random.pick(['growth', 'platform', 'care']) } }
      : {}),
  };
  const duration = Math.round(220 + tokens.output * 9 + allInput * 0.02 + random.next() * 300);
  const started = new Date(at).toISOString();
  serial += 1;
  const time = Math.floor(at).toString(16).padStart(12, '0');
  const id = `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${serial.toString(16).padStart(12, '0')}`;
  const row: CallRow = {
    id,
    kind: 'call',
    source: random.chance(0.9) ? 'gateway' : 'sdk',
    started_at: started,
    recorded_at: new Date(at + duration).toISOString(),
    adjusts: null,
    duration_ms: duration,
    first_byte_ms: outcome === 'error' ? null : Math.round(180 + random.next() * 400),
    provider: model.provider,
    api: model.api,
    path: null,
    stream: model.api !== 'embeddings' && random.chance(0.7),
    model_requested: model.name,
    model: model.name,
    outcome,
    http_status: outcome === 'error' ? random.pick([429, 500, 529]) : 200,
    error_type: outcome === 'error' ? 'rate_limit_exceeded' : null,
    attempt,
    tags,
    tokens: usageKnown ? tokens : null,
    usage_estimated: outcome === 'aborted' || outcome === 'interrupted',
    prompt: null,
    cost_usd: priced ? usdOf(pico(() => true)) : null,
    cost_status: status,
    cost_source: priced ? 'base' : null,
    cost_input_usd: priced
      ? usdOf(pico(({ kind }) => kind.includes('input') || kind.includes('cache')))
      : null,
    cost_cache_read_usd: priced ? usdOf(pico(({ kind }) => kind.includes('cache_read'))) : null,
    cost_cache_write_usd: priced ? usdOf(pico(({ kind }) => kind.includes('cache_write'))) : null,
    cost_output_usd: priced ? usdOf(pico(({ kind }) => kind === 'output')) : null,
    reported_usd: null,
    list_usd: priced ? usdOf(pico(() => true)) : null,
    estimated_usd: null,
    cost_drift: null,
  };
  return { row, entry: entryOf(row, charges) };
}

const parsed = new Map<string, bigint>();

export function picoOf(usd: string): bigint {
  if (usd.startsWith('-')) return -picoOf(usd.slice(1));
  let pico = parsed.get(usd);
  if (pico === undefined) {
    const [whole = '0', fraction = ''] = usd.split('.');
    pico = BigInt(whole) * 1_000_000_000_000n + BigInt(fraction.padEnd(12, '0'));
    parsed.set(usd, pico);
  }
  return pico;
}

const reasons: Partial<Record<CostStatus, string>> = {
  unknown_model: 'The price book genai-prices@0.1.8 has no price for this model.',
  no_usage: 'The provider answered without usage, so there is nothing to price.',
  not_billed: 'The provider answered with an error and does not bill it.',
};

function entryOf(row: CallRow, charges: Charge[]): Entry {
  const { reasoning, ...buckets } = row.tokens ?? { reasoning: 0 };
  const reason = reasons[row.cost_status];
  return {
    schema: 1,
    event: 'llm.cost.tracked',
    id: row.id,
    kind: row.kind,
    source: row.source,
    started_at: row.started_at,
    ended_at: new Date(Date.parse(row.started_at) + row.duration_ms).toISOString(),
    duration_ms: row.duration_ms,
    ...(row.first_byte_ms === null ? {} : { first_byte_ms: row.first_byte_ms }),
    provider: row.provider,
    api: row.api,
    stream: row.stream,
    model_requested: row.model_requested,
    model: row.model,
    outcome: row.outcome,
    http_status: row.http_status,
    ...(row.error_type === null ? {} : { error_type: row.error_type }),
    attempt: row.attempt,
    usage:
      row.tokens === null
        ? null
        : {
            tokens: buckets as Entry['usage'] extends infer U
              ? U extends { tokens: infer T }
                ? T
                : never
              : never,
            details: { reasoning },
            units: {},
            modifiers: { service_tier: 'default' },
            estimated: row.usage_estimated,
            raw: {
              prompt_tokens: row.tokens.input_uncached + row.tokens.cache_read,
              completion_tokens: row.tokens.output,
            },
            notes: [],
          },
    cost: {
      usd: row.cost_usd,
      status: row.cost_status,
      ...(row.cost_source === null ? {} : { source: row.cost_source }),
      ...(reason === undefined ? {} : { reason }),
      charges,
      ...(row.cost_usd === null
        ? {}
        : {
            price: {
              book: 'genai-prices@0.1.8',
              provider: row.provider,
              model: row.model ?? '',
              effective_from: '2025-08-07T00:00:00.000Z',
            },
          }),
    },
    estimate: { input_tokens: 1200, output_tokens: 500, method: 'bytes/4' },
    tags: row.tags,
  };
}

/** Calls of the past `days` up to `now`, oldest first, with working-hours and weekday rhythm. */
export function makeHistory(
  random: SeededRandom,
  now: number,
  days: number,
  perDay: number,
): FixtureCall[] {
  const calls: FixtureCall[] = [];
  const start = now - days * 86_400_000;
  for (let minute = start; minute < now; minute += 60_000) {
    const date = new Date(minute);
    const hour = date.getUTCHours();
    const rhythm = 0.35 + Math.max(0, Math.sin(((hour - 5) / 16) * Math.PI)) * 1.5;
    const weekday = [0.45, 1, 1.1, 1.1, 1.05, 0.95, 0.5][date.getUTCDay()] as number;
    const growth = 0.7 + ((minute - start) / (now - start)) * 0.6;
    const expected = (perDay / 1440) * rhythm * weekday * growth;
    const count = Math.floor(expected) + (random.chance(expected % 1) ? 1 : 0);
    for (let index = 0; index < count; index += 1)
      calls.push(makeCall(random, Math.min(now - 1, minute + random.integer(0, 59_999))));
  }
  return calls.sort((left, right) => left.row.started_at.localeCompare(right.row.started_at));
}
