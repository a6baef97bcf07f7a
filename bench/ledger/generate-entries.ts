import { entryEvent, entrySchema, formatUsd, type Entry } from '@farthing/core';
import { seededRandom } from './random.js';
import { traffic } from './traffic.js';

/** Endless realistic entries; `at` gives each call's start in milliseconds since 1970. */
export function* generateEntries(seed: number, at: (index: number) => number): Generator<Entry> {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  /** Small numbers are common and large ones rare, as with features and tenants. */
  const skewed = (limit: number): number => Math.floor(random() ** 3 * limit);
  const chance = (perThousand: number): boolean => below(1000) < perThousand;
  const hex = (length: number): string =>
    Array.from({ length }, () => below(16).toString(16)).join('');

  for (let index = 0; ; index++) {
    const start = at(index);
    const duration = 200 + skewed(20_000);
    const feature = skewed(traffic.features);
    const tenant = skewed(traffic.tenants);
    const rates = traffic.models[(feature + skewed(3)) % traffic.models.length]!;
    const failed = chance(traffic.errors);
    const priced = !failed && !chance(traffic.unpriced);
    const input = 200 + skewed(30_000);
    const cached = below(2) === 0 ? Math.floor(input * 0.7) : 0;
    const output = rates.output === 0 ? 0 : 20 + skewed(2000);
    const lines = [
      { kind: 'input_uncached', quantity: input - cached, rate: rates.input * 1000 },
      { kind: 'cache_read', quantity: cached, rate: rates.input * 100 },
      { kind: 'output', quantity: output, rate: rates.output * 1000 },
    ].filter(({ quantity }) => quantity > 0);
    const total = lines.reduce((sum, { quantity, rate }) => sum + BigInt(quantity * rate), 0n);
    const milliseconds = start.toString(16).padStart(12, '0');
    yield {
      schema: entrySchema,
      event: entryEvent,
      id: `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-7${hex(3)}-a${hex(3)}-${hex(12)}`,
      kind: 'call',
      source: 'gateway',
      started_at: new Date(start).toISOString(),
      ended_at: new Date(start + duration).toISOString(),
      duration_ms: duration,
      first_byte_ms: Math.floor(duration / 4),
      provider: rates.provider,
      api: rates.api,
      stream: feature % 2 === 0,
      model_requested: rates.model.replace(/-\d{4}-\d\d-\d\d$/, ''),
      model: rates.model,
      response_id: `resp_${hex(24)}`,
      outcome: failed ? 'error' : 'ok',
      http_status: failed ? 429 : 200,
      ...(failed ? { error_type: 'rate_limit_exceeded' } : {}),
      attempt: chance(traffic.retries) ? 2 : 1,
      usage: failed
        ? null
        : {
            tokens: {
              input_uncached: input - cached,
              cache_read: cached,
              cache_write: 0,
              cache_write_5m: 0,
              cache_write_1h: 0,
              output,
            },
            details: { reasoning: 0 },
            units: {},
            modifiers: { service_tier: 'default' },
            estimated: false,
            raw: {
              prompt_tokens: input,
              completion_tokens: output,
              total_tokens: input + output,
              prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
              completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
            },
            notes: [],
          },
      cost: priced
        ? {
            usd: formatUsd(total),
            status: 'priced',
            source: 'base',
            charges: lines.map(({ kind, quantity, rate }) => ({
              kind,
              quantity,
              rate_usd: formatUsd(BigInt(rate) * 1_000_000n),
              per: 1_000_000,
              amount_usd: formatUsd(BigInt(quantity * rate)),
            })),
            price: { book: 'genai-prices', provider: rates.provider, model: rates.model },
          }
        : failed
          ? { usd: null, status: 'not_billed', reason: 'the provider bills no errors', charges: [] }
          : { usd: null, status: 'unknown_model', reason: 'no price', charges: [] },
      estimate: { input_tokens: input, output_tokens: 500, method: 'bytes/4' },
      tags: {
        ...(chance(traffic.unattributed) ? {} : { feature: `feature-${feature}` }),
        user: `u_${(skewed(traffic.users) * 2_654_435_761).toString(16).padStart(14, '0')}`,
        tenant: `tenant-${tenant}`,
        segment: traffic.segments[tenant % traffic.segments.length]!,
        agent: `agent-${feature % 10}`,
        route: `/api/feature-${feature}`,
        template_version: `v${1 + (feature % 3)}`,
        environment: 'production',
        session: `sess_${Math.floor(index / traffic.callsPerSession)
          .toString(16)
          .padStart(12, '0')}`,
        ...(chance(traffic.withRun) ? { run: `run_${hex(16)}` } : {}),
        ...(chance(traffic.withTrace) ? { trace: hex(32) } : {}),
        ...(chance(traffic.withCustom)
          ? { custom: { team: `team-${feature % 7}`, release: `2026.${1 + (index >> 18)}` } }
          : {}),
      },
    };
  }
}
