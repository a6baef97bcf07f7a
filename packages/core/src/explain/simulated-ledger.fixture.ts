import { formatUsd } from '../money.js';
import type { Measure, Query, QueryResult, QueryRow } from '../report/query.js';

/** The calls of an hour, a feature, a model, a template and an outcome. */
export interface LedgerRow {
  /** Hours since the beginning of the ledger. */
  hour: number;
  key: Record<string, string>;
  counts: Partial<Record<Measure, number>>;
  amounts: Partial<Record<Measure, bigint>>;
}

const hourLength = 3_600_000;
export const hoursPerWeek = 168;
/** A Monday. Two weeks of hours follow it. */
export const ledgerStart = Date.UTC(2026, 10, 9);

/** Uniform numbers from 0 to 1, the same each time (mulberry32), and what is drawn with them. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  uniform(low = 0, high = 1): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return low + (((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * (high - low);
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Around 1, so that the mean is 1. */
  noise(sigma: number): number {
    return Math.exp(sigma * this.normal() - sigma ** 2 / 2);
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.uniform(0, items.length))]!;
  }
}

interface Model {
  name: string;
  /** USD per million tokens. */
  input: number;
  read: number;
  output: number;
}

const models: readonly Model[] = [
  { name: 'small', input: 0.25, read: 0.025, output: 2 },
  { name: 'medium', input: 1.25, read: 0.125, output: 10 },
  { name: 'large', input: 3, read: 0.3, output: 15 },
  { name: 'frontier', input: 5, read: 0.5, output: 25 },
];

interface Feature {
  name: string;
  callsPerHour: number;
  input: number;
  output: number;
  read: number;
  retries: number;
  model: number;
  /** A second model, and its share of the calls. */
  second: number;
  secondShare: number;
  /** How much busier the day is than the night, 0 to 1, and the hour of its peak. */
  swing: number;
  peak: number;
}

export const causeKinds = [
  'new',
  'gone',
  'volume',
  'routing',
  'input',
  'output',
  'cache',
  'price',
  'retries',
] as const;

/** What is done to one feature at one hour of the second week. */
export interface Injection {
  kind: (typeof causeKinds)[number];
  feature: string;
  hour: number;
  template: string | null;
}

/**
 * Two weeks of a company's calls, hour by hour: eight features of very different size, two models each, more
 * by day than by night and at weekends, retries of failures that cost nothing and of answers that were
 * billed, a prompt cache, and lengths that vary from call to call, from hour to hour and from day to day.
 * One thing happens to one feature.
 */
export function simulateLedger(
  seed: number,
  kind: Injection['kind'],
): { injection: Injection; rows: LedgerRow[] } {
  const dice = new Dice(seed * 7919 + 17);
  const features = Array.from({ length: 8 }, (_, index) => drawFeature(dice, index));
  const costs = features.map((feature) => costPerHour(feature));
  const all = costs.reduce((sum, cost) => sum + cost, 0);
  // Nobody looks for the cause of a change in what is a thousandth of the bill.
  const sizeable = features.filter((_, index) => costs[index]! / all > 0.05);
  const target = dice.pick(sizeable);
  const hour = hoursPerWeek + Math.floor(dice.uniform(0, kind === 'gone' ? 12 : 72));
  const changesTemplate = (kind === 'output' || kind === 'input') && dice.uniform() < 0.5;
  const injection: Injection = {
    kind,
    feature: target.name,
    hour: kind === 'gone' ? hoursPerWeek : hour,
    template: changesTemplate ? 'v2' : null,
  };
  const changed = changedFeature(target, kind, dice);
  const rows: LedgerRow[] = [];
  for (const feature of features) {
    const isTarget = feature === target;
    // Nothing is ever quite the same the day after.
    const drift = { calls: 1, input: 1, output: 1 };
    for (let each = 0; each < 2 * hoursPerWeek; each++) {
      if (each % 24 === 0) {
        drift.calls *= dice.noise(0.02);
        drift.input *= dice.noise(0.01);
        drift.output *= dice.noise(0.01);
      }
      const isAfter = each >= injection.hour;
      if (isTarget && (kind === 'new' ? !isAfter : kind === 'gone' && isAfter)) continue;
      const now = isTarget && isAfter ? changed : { ...feature, price: 1 };
      const template = isTarget && isAfter && changesTemplate ? 'v2' : 'v1';
      rows.push(...hourOf(dice, { ...now, template, hour: each, drift }));
    }
  }
  return { injection, rows };
}

function drawFeature(dice: Dice, index: number): Feature {
  return {
    name: `feature-${index}`,
    callsPerHour: Math.exp(dice.uniform(Math.log(20), Math.log(600))),
    input: Math.exp(dice.uniform(Math.log(400), Math.log(12_000))),
    output: Math.exp(dice.uniform(Math.log(80), Math.log(1_500))),
    read: dice.uniform() < 0.4 ? 0 : dice.uniform(0.2, 0.8),
    retries: dice.uniform(0, 0.05),
    model: Math.floor(dice.uniform(0, 3)),
    second: Math.floor(dice.uniform(0, 3)),
    secondShare: dice.uniform() < 0.5 ? 0 : dice.uniform(0.05, 0.4),
    swing: dice.uniform(0.2, 0.95),
    peak: dice.uniform(8, 18),
  };
}

function changedFeature(
  feature: Feature,
  kind: Injection['kind'],
  dice: Dice,
): Feature & { price: number } {
  const now = { ...feature, price: 1 };
  const factor = dice.uniform() < 0.75 ? dice.uniform(1.4, 2.5) : dice.uniform(0.4, 0.7);
  if (kind === 'volume') now.callsPerHour *= factor;
  if (kind === 'input') now.input *= factor;
  if (kind === 'output') now.output *= factor;
  if (kind === 'price') now.price *= factor;
  if (kind === 'retries') now.retries += dice.uniform(0.4, 1);
  if (kind === 'cache') now.read = feature.read > 0.3 ? 0 : 0.85;
  if (kind === 'routing') [now.model, now.secondShare] = [3, 0];
  return now;
}

function costPerHour({ callsPerHour, input, output, read, model }: Feature): number {
  const { input: plain, read: cached, output: answered } = models[model]!;
  return callsPerHour * (input * (1 - read) * plain + input * read * cached + output * answered);
}

interface Hour extends Feature {
  price: number;
  template: string;
  hour: number;
  drift: { calls: number; input: number; output: number };
}

function hourOf(dice: Dice, now: Hour): LedgerRow[] {
  const clock = now.hour % 24;
  const weekend = Math.floor(now.hour / 24) % 7 >= 5 ? 0.5 : 1;
  const busy = 1 + now.swing * Math.cos(((clock - now.peak) / 24) * 2 * Math.PI);
  const expected = now.callsPerHour * busy * weekend * now.drift.calls;
  const all = Math.max(
    0,
    Math.round(expected * dice.noise(0.1) + Math.sqrt(expected) * dice.normal()),
  );
  const second = Math.round(all * now.secondShare);
  return [
    ...modelRows(dice, now, models[now.model]!, all - second),
    ...modelRows(dice, now, models[now.second]!, second),
  ];
}

function modelRows(dice: Dice, now: Hour, model: Model, firsts: number): LedgerRow[] {
  if (firsts <= 0) return [];
  // Of what is tried again, a part had failed for nothing, and a part was billed and not good enough.
  const failed = Math.round(firsts * 0.02 * dice.uniform());
  const repeated = Math.round(firsts * now.retries * dice.noise(0.2));
  const billed = firsts + repeated;
  const spread = (sigma: number) => dice.noise(Math.sqrt((Math.exp(sigma ** 2) - 1) / billed));
  const sent = Math.round(billed * now.input * now.drift.input * spread(0.7) * dice.noise(0.04));
  const read = Math.round(sent * Math.min(1, now.read * dice.noise(0.03)));
  const output = Math.round(
    billed * now.output * now.drift.output * spread(0.8) * dice.noise(0.04),
  );
  const cost = (tokens: number, price: number) =>
    BigInt(tokens) * BigInt(Math.round(price * now.price * 1_000_000));
  const amounts: Partial<Record<Measure, bigint>> = {
    cost_input_uncached: cost(sent - read, model.input),
    cost_cache_read: cost(read, model.read),
    cost_output: cost(output, model.output),
  };
  amounts.cost = Object.values(amounts).reduce((sum, amount) => sum + amount, 0n);
  const key = {
    feature: now.name,
    provider: 'provider',
    model: model.name,
    template_version: now.template,
    api: 'chat.completions',
  };
  const counts = {
    calls: billed,
    retries: repeated + failed,
    tokens_input: sent,
    tokens_input_uncached: sent - read,
    tokens_cache_read: read,
    tokens_output: output,
  };
  const { hour } = now;
  const done = { hour, key: { ...key, cost_status: 'priced', outcome: 'ok' }, counts, amounts };
  if (failed === 0) return [done];
  const free = { ...key, cost_status: 'not_billed', outcome: 'error' };
  return [done, { hour, key: free, counts: { calls: failed, errors: failed }, amounts: {} }];
}

/** Answers queries for sums over such rows, as a store does. */
export function askRows(rows: readonly LedgerRow[]): (query: Query) => Promise<QueryResult> {
  return async (query) => {
    const { measures, dimensions = [], filters = [], window, bucket, limit = 1_000 } = query;
    const hours = bucket === 'day' ? 24 : 1;
    const hourAt = (time: string) => (Date.parse(time) - ledgerStart) / hourLength;
    const [from, to] =
      window === undefined ? [0, Infinity] : [hourAt(window.from), hourAt(window.to)];
    const groups = new Map<string, { key: QueryRow; sums: (number | bigint)[] }>();
    for (const { hour, key, counts, amounts } of rows) {
      if (hour < from || hour >= to) continue;
      const isMet = filters.every(
        ({ dimension, op, values }) => values.includes(key[dimension] ?? null) === (op === 'in'),
      );
      if (!isMet) continue;
      const begins = bucket === undefined ? 0 : hour - (hour % hours);
      let text = String(begins);
      for (const name of dimensions) text += `|${key[name]}`;
      let group = groups.get(text);
      if (group === undefined) {
        const own: QueryRow = Object.fromEntries(
          dimensions.map((name) => [name, key[name] ?? null]),
        );
        if (bucket !== undefined) own['bucket'] = hourText(begins);
        group = { key: own, sums: measures.map((name) => (isMoney(name) ? 0n : 0)) };
        groups.set(text, group);
      }
      const { sums } = group;
      for (const [index, name] of measures.entries()) {
        const sum = sums[index]!;
        sums[index] =
          typeof sum === 'bigint' ? sum + (amounts[name] ?? 0n) : sum + (counts[name] ?? 0);
      }
    }
    const answered = [...groups.values()].map(({ key, sums }): QueryRow => {
      const told = measures.map((name, index) => {
        const sum = sums[index]!;
        return [name, typeof sum === 'bigint' ? formatUsd(sum) : sum] as const;
      });
      return { ...key, ...Object.fromEntries(told) };
    });
    if (bucket !== undefined) {
      answered.sort(
        (a, b) => Number(a['bucket']! > b['bucket']!) - Number(a['bucket']! < b['bucket']!),
      );
    }
    return { rows: answered.slice(0, limit), truncated: answered.length > limit, from: 'rollup' };
  };
}

function isMoney(measure: Measure): boolean {
  return measure.startsWith('cost');
}

/** The beginning of an hour of the ledger, ISO 8601. */
export function hourText(hour: number): string {
  return new Date(ledgerStart + hour * hourLength).toISOString();
}
