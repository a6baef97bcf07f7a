import type { Incident, IncidentCause, Measure, QueryRow } from '@farthing/core';
import { countOf, usdOf } from '../api/row.js';
import { formatCompact, formatShare } from '../figures/counts.js';
import { chartNumber, formatPico, formatUsd, sumUsd, toDecimal } from '../money/usd.js';
import type { AxisUnit } from './axis-values.js';
import type { Step } from './around.js';

/** A value of one step: its height for drawing, and its words. Null where nothing was called. */
export interface Amount {
  height: number;
  text: string;
}

/** What the chart of an incident can show of each step. */
export interface AroundQuantity {
  label: string;
  unit: AxisUnit;
  measures: Measure[];
  /** Of rows that cover `length` milliseconds. */
  amount(rows: readonly QueryRow[], length: number): Amount | null;
}

const hour = 3_600_000n;

/** Money and counts are sums of exact amounts; heights alone are floats. */
const perHour = (pico: bigint, length: number): Amount => {
  const amount = (pico * hour) / BigInt(Math.max(1, Math.round(length)));
  return { height: chartNumber(toDecimal(amount)), text: `${formatPico(amount)} an hour` };
};

const sum = (rows: readonly QueryRow[], measure: string): number =>
  rows.reduce((total, row) => total + countOf(row, measure), 0);
const money = (rows: readonly QueryRow[], measure: string): bigint =>
  sumUsd(rows.map((row) => usdOf(row, measure)));

const spend: AroundQuantity = {
  label: 'Spend per hour',
  unit: 'usd',
  measures: ['cost'],
  amount: (rows, length) => perHour(money(rows, 'cost'), length),
};

const calls: AroundQuantity = {
  label: 'Calls per hour',
  unit: 'count',
  measures: ['calls'],
  amount(rows, length) {
    const each = (sum(rows, 'calls') * Number(hour)) / Math.max(1, length);
    return { height: each, text: `${formatCompact(Math.round(each))} calls an hour` };
  },
};

/** A ratio of two counts, in words of its own. */
const ratio = (
  label: string,
  part: Measure,
  whole: Measure,
  unit: AxisUnit,
  words: (value: number) => string,
): AroundQuantity => ({
  label,
  unit,
  measures: [part, whole],
  amount(rows) {
    const base = sum(rows, whole);
    if (base === 0) return null;
    const value = sum(rows, part) / base;
    return { height: value, text: words(value) };
  },
});

/** Money over a count, rounded down to the picodollar. */
const moneyOver = (
  label: string,
  part: Measure,
  over: readonly Measure[],
  per: bigint,
  each: string,
): AroundQuantity => ({
  label,
  unit: 'usd',
  measures: [part, ...over],
  amount(rows) {
    const count = over.reduce((total, measure) => total + sum(rows, measure), 0);
    if (count === 0) return null;
    const amount = (money(rows, part) * per) / BigInt(count);
    return { height: chartNumber(toDecimal(amount)), text: `${formatPico(amount)} ${each}` };
  },
});

const tokens = (value: number) => `${formatCompact(Math.round(value))} tokens a call`;
const share = (of: string) => (value: number) => `${formatShare(value)} of ${of}`;

const costPerCall = moneyOver('Cost per call', 'cost_of_calls', ['priced_calls'], 1n, 'a call');

const quantities: Partial<Record<IncidentCause, AroundQuantity>> = {
  cost: costPerCall,
  template: costPerCall,
  creep: costPerCall,
  input: ratio('Input per call', 'tokens_input', 'calls', 'count', tokens),
  output: ratio('Output per call', 'tokens_output', 'calls', 'count', tokens),
  unit_price: moneyOver(
    'Price of tokens',
    'cost_of_calls',
    ['tokens_input', 'tokens_output'],
    1_000_000n,
    'a million tokens',
  ),
  cache: {
    label: 'Input that no cache had',
    unit: 'share',
    measures: ['tokens_input', 'tokens_cache_read'],
    amount(rows) {
      const input = sum(rows, 'tokens_input');
      if (input === 0) return null;
      const value = 1 - sum(rows, 'tokens_cache_read') / input;
      return { height: value, text: `${formatShare(value)} of input` };
    },
  },
  retries: ratio('Calls that are retries', 'retries', 'calls', 'share', share('calls')),
  unpriced: ratio('Calls without a price', 'unpriced_calls', 'calls', 'share', share('calls')),
  unattributed: ratio(
    'Calls without a feature',
    'unattributed_calls',
    'calls',
    'share',
    share('calls'),
  ),
  estimate: {
    label: 'Cost against its estimate',
    unit: 'times',
    measures: ['compared_cost', 'estimated_cost'],
    amount(rows) {
      const expected = money(rows, 'estimated_cost');
      if (expected === 0n) return null;
      const value = Number((money(rows, 'compared_cost') * 10_000n) / expected) / 10_000;
      return { height: value, text: `${value.toFixed(2)} × the estimate` };
    },
  },
  volume: calls,
  silence: calls,
};

/** What the chart can show of an incident, the most telling first. */
export function quantitiesOf(cause: IncidentCause): AroundQuantity[] {
  const own = quantities[cause];
  return own === undefined ? [spend, calls] : own === calls ? [calls, spend] : [own, spend, calls];
}

/**
 * What it was before: of spend what the incident itself was judged against, unless that is a single run, of
 * all else the mean of the steps before it began. Null where nothing is known of before.
 */
export function normalLevel(
  quantity: AroundQuantity,
  { size, since, run }: Pick<Incident, 'size' | 'since' | 'run'>,
  steps: readonly Step[],
): Amount | null {
  if (quantity === spend && size !== null && run === null) {
    const usd = size.normal_usd_per_hour;
    return { height: chartNumber(usd), text: `${formatUsd(usd)} an hour` };
  }
  const began = Date.parse(since);
  const before = steps.filter(({ at, length }) => at + length <= began);
  const rows = before.flatMap((step) => step.rows);
  if (rows.length === 0) return null;
  return quantity.amount(
    rows,
    before.reduce((total, { length }) => total + length, 0),
  );
}
