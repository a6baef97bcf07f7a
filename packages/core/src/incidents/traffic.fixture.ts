import { entryEvent, entrySchema, type Entry } from '../entry.js';
import { decimalFromNumber } from '../money.js';
import { watchedCall, type WatchedCall } from './watched-call.js';

const minute = 60_000;
const day = 86_400_000;

export interface CallShape {
  id?: string;
  feature?: string | null;
  template?: string;
  model?: string;
  run?: string;
  attempt?: number;
  input?: number;
  output?: number;
  cached?: number;
  /** USD per million tokens of output; input costs an eighth, cached input an eightieth, as of gpt-5. */
  rate?: number;
  tags?: Entry['tags'];
}

/** Noon of a Tuesday. */
export const noon = Date.parse('2026-03-10T12:00:00.000Z');

let calls = 0;

/** An entry as a gateway writes it. */
export function entryAt(at: number, shape: CallShape = {}): Entry {
  const { feature = 'search', template = 'v6', model = 'gpt-5', rate = 10 } = shape;
  const { input = 1_000, output = 400, cached = 0, attempt = 1, run } = shape;
  calls += 1;
  const iso = new Date(at).toISOString();
  const charge = (kind: string, quantity: number, perMillion: number) => ({
    kind,
    quantity,
    rate_usd: decimalFromNumber(perMillion),
    per: 1_000_000,
    amount_usd: decimalFromNumber((quantity * Math.round(perMillion * 10_000)) / 1e10),
  });
  const charges = [
    charge('input_uncached', input - cached, rate / 8),
    charge('cache_read', cached, rate / 80),
    charge('output', output, rate),
  ].filter(({ quantity }) => quantity > 0);
  const usd = charges.reduce((sum, each) => sum + Math.round(Number(each.amount_usd) * 1e12), 0);
  return {
    schema: entrySchema,
    event: entryEvent,
    id: shape.id ?? `019ce000-0000-7000-8000-${String(calls).padStart(12, '0')}`,
    kind: 'call',
    source: 'gateway',
    started_at: iso,
    ended_at: new Date(at + 900).toISOString(),
    duration_ms: 900,
    provider: 'openai',
    api: 'chat.completions',
    stream: false,
    model_requested: model,
    model,
    outcome: 'ok',
    http_status: 200,
    attempt,
    usage: {
      tokens: {
        input_uncached: input - cached,
        cache_read: cached,
        cache_write: 0,
        cache_write_5m: 0,
        cache_write_1h: 0,
        output,
      },
      details: {},
      units: {},
      modifiers: {},
      estimated: false,
      raw: null,
      notes: [],
    } as unknown as Entry['usage'],
    cost: {
      usd: decimalFromNumber(usd / 1e12),
      status: 'priced',
      source: 'base',
      charges,
    },
    tags: {
      ...(feature === null ? {} : { feature }),
      template_version: template,
      ...(run === undefined ? {} : { run }),
      ...shape.tags,
    },
  };
}

export function callAt(at: number, shape?: CallShape): WatchedCall {
  return watchedCall(entryAt(at, shape))!;
}

/** A few sizes in turn, so that calls vary and every test has the same. */
const sizes = [0.5, 0.7, 0.8, 0.9, 1, 1, 1.1, 1.25, 1.5, 2];

export const outputOf = (index: number, mean: number): number =>
  Math.round(mean * sizes[(index * 7) % sizes.length]!);

/** Days of calls before a time, so many an hour, as the shape has them. */
export function* history(
  days: number,
  perHour: number,
  shape: (index: number) => CallShape = (index) => ({ output: outputOf(index, 400) }),
  until = noon,
): Generator<{ at: number; shape: CallShape }> {
  const step = (60 * minute) / perHour;
  let index = 0;
  for (let at = until - days * day; at < until; at += step) yield { at, shape: shape(index++) };
}
