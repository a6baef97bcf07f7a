import { divideHalfEven } from '../money.js';
import { decimalOf, formatDecimal } from './decimal.js';
import type {
  DailyWindow,
  PriceConditions,
  PriceLayer,
  PriceRule,
  Rates,
  Threshold,
} from './price-rows.js';
import { modelTimelines, type ModelTimelines, type Subject } from './model-timelines.js';
import { perUnits, isRateUnit } from './rate-units.js';

/** One difference between two price books, at the level of a single rate. */
export interface PriceChange {
  change:
    | 'model_added'
    | 'model_removed'
    | 'alias_added'
    | 'alias_removed'
    | 'rate_added'
    | 'rate_removed'
    | 'rate_changed';
  provider: string;
  /** The book's id; with a trailing `*` for rows that speak about many models. */
  model: string;
  /** The other name, for aliases. */
  alias?: string;
  /** The last standard rates of a model that was added or removed. */
  rates?: Rates;
  /**
   * The unit whose rate differs. Rows do more than state rates; such a difference is named `× tokens`
   * (a factor), `derived cache_write_1h`, `least audio_seconds`, `contract`, `same_as`.
   */
  unit?: string;
  /** Units that the rate is for; absent where it is no rate. */
  per?: number;
  /** Decimal strings in USD for `per` units, or what stands there instead. */
  before?: string;
  after?: string;
  /** Change of a rate or a factor in percent, with its sign and at most one decimal: `-50`, `+12.5`. */
  percent?: string;
  /** From when on (inclusive) and until when (exclusive) the difference holds; absent = since and for ever. */
  effective_from?: string;
  effective_to?: string;
  when?: PriceConditions;
  threshold?: Threshold;
  daily?: DailyWindow;
}

/**
 * What differs between two price books: models and aliases added and removed, and every rate that is
 * another one at some time. A book is a list of layers in rising precedence; layers that name no
 * providers are left out. Pure; in the order of provider, model, calls and unit.
 */
export function diffLayers(
  before: readonly PriceLayer[],
  after: readonly PriceLayer[],
): PriceChange[] {
  const [old, current] = [rulesByModel(before), rulesByModel(after)];
  const names = [...new Set([...old.keys(), ...current.keys()])].toSorted();
  return names.flatMap((name) => diffModel(old.get(name) ?? [], current.get(name) ?? []));
}

/** Rows may name a model by any of its ids; what is said of it is compared under the first one's. */
function rulesByModel(layers: readonly PriceLayer[]): Map<string, PriceRule[]> {
  const models = new Map<string, PriceRule[]>();
  const names = new Map<string, string>();
  for (const layer of layers) {
    for (const provider of layer.providers?.() ?? []) {
      for (const rule of layer.rules(provider)) {
        const own = idOf(rule.provider, rule.model);
        const key = names.get(own) ?? own;
        const known = models.get(key);
        if (known === undefined) models.set(key, [rule]);
        else known.push(rule);
        names.set(own, key);
        for (const alias of rule.aliases ?? []) {
          const other = idOf(rule.provider, alias);
          if (!names.has(other)) names.set(other, key);
        }
      }
    }
  }
  return models;
}

function idOf(provider: string, model: string): string {
  return `${provider}\n${model.toLowerCase()}`;
}

function diffModel(before: readonly PriceRule[], after: readonly PriceRule[]): PriceChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const { provider, model } = (before[0] ?? after[0]) as PriceRule;
  const names = { provider, model };
  if (before.length === 0) return [{ change: 'model_added', ...names, ...lastRates(after) }];
  if (after.length === 0) return [{ change: 'model_removed', ...names, ...lastRates(before) }];
  const times = boundaries([...before, ...after]);
  return [
    ...diffAliases(aliasesOf(before), aliasesOf(after)).map((change) => ({ ...names, ...change })),
    ...diffTimelines(modelTimelines(before, times), modelTimelines(after, times), times).map(
      (change) => ({ ...names, ...change }),
    ),
  ];
}

/** Every time at which some row begins or ends, since ever first. */
function boundaries(rules: readonly PriceRule[]): number[] {
  const times = new Set([Number.NEGATIVE_INFINITY]);
  for (const { from, to } of rules) {
    if (from !== undefined) times.add(Date.parse(from));
    if (to !== undefined) times.add(Date.parse(to));
  }
  return [...times].toSorted((left, right) => (left < right ? -1 : 1));
}

function lastRates(rules: readonly PriceRule[]): { rates?: Rates } {
  const standard = modelTimelines(rules, boundaries(rules)).values().next().value;
  const rates = Object.fromEntries(
    [...(standard?.values ?? [])].flatMap(([unit, values]) => {
      const last = values.at(-1);
      return isRateUnit(unit) && last !== undefined ? [[unit, last]] : [];
    }),
  );
  return Object.keys(rates).length === 0 ? {} : { rates };
}

function aliasesOf(rules: readonly PriceRule[]): Set<string> {
  return new Set(rules.flatMap(({ aliases }) => aliases ?? []).map((name) => name.toLowerCase()));
}

type Change = Omit<PriceChange, 'provider' | 'model'>;

function diffAliases(before: ReadonlySet<string>, after: ReadonlySet<string>): Change[] {
  return [
    ...[...after]
      .filter((alias) => !before.has(alias))
      .map((alias): Change => ({ change: 'alias_added', alias })),
    ...[...before]
      .filter((alias) => !after.has(alias))
      .map((alias): Change => ({ change: 'alias_removed', alias })),
  ];
}

function diffTimelines(
  before: ModelTimelines,
  after: ModelTimelines,
  times: readonly number[],
): Change[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [old, current] = [before.get(key), after.get(key)];
    const { subject } = (current ?? old) as { subject: Subject };
    const units = new Set([...(old?.values.keys() ?? []), ...(current?.values.keys() ?? [])]);
    return [...units].flatMap((unit) =>
      diffUnit(unit, subject, old?.values.get(unit) ?? [], current?.values.get(unit) ?? [], times),
    );
  });
}

/** One change for each stretch of time over which the same two values differ. */
function diffUnit(
  unit: string,
  subject: Subject,
  before: readonly (string | undefined)[],
  after: readonly (string | undefined)[],
  times: readonly number[],
): Change[] {
  const changes: Change[] = [];
  for (let index = 0; index < times.length;) {
    const [old, current] = [before[index], after[index]];
    let end = index + 1;
    while (end < times.length && before[end] === old && after[end] === current) end += 1;
    if (old !== current) {
      changes.push(changeOf(unit, subject, old, current, times[index], times[end]));
    }
    index = end;
  }
  return changes;
}

function changeOf(
  unit: string,
  subject: Subject,
  before: string | undefined,
  after: string | undefined,
  from: number | undefined,
  to: number | undefined,
): Change {
  const kind =
    before === undefined ? 'rate_added' : after === undefined ? 'rate_removed' : 'rate_changed';
  const percent =
    before === undefined || after === undefined ? undefined : percentOf(before, after);
  return {
    change: kind,
    unit,
    ...(isRateUnit(unit) ? { per: perUnits[unit] } : {}),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(percent === undefined ? {} : { percent }),
    ...(from === undefined || from === Number.NEGATIVE_INFINITY
      ? {}
      : { effective_from: timeText(from) }),
    ...(to === undefined ? {} : { effective_to: timeText(to) }),
    ...subject,
  };
}

/** `+12.5`; undefined where it is no number, or nothing to compare with. */
function percentOf(before: string, after: string): string | undefined {
  const number = /^\d+(\.\d+)?$/;
  if (!number.test(before) || !number.test(after)) return undefined;
  const [a, b] = [decimalOf(before), decimalOf(after)];
  if (a.numerator === 0n) return undefined;
  const digits = Math.max(a.digits, b.digits);
  const from = a.numerator * 10n ** BigInt(digits - a.digits);
  const to = b.numerator * 10n ** BigInt(digits - b.digits);
  const permille = divideHalfEven((to - from) * 1_000n, from);
  return `${permille > 0n ? '+' : ''}${formatDecimal({ numerator: permille, digits: 1 })}`;
}

function timeText(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

/** A change as one line for people: `~ openai/gpt-4o  input 5 → 2.5 (-50 %) from 2026-07-30`. */
export function describePriceChange(change: PriceChange): string {
  const name = `${change.provider}/${change.model}`;
  switch (change.change) {
    case 'model_added':
      return `+ ${name}${ratesText(change.rates)}`;
    case 'model_removed':
      return `- ${name}${ratesText(change.rates)}`;
    case 'alias_added':
      return `~ ${name}  new alias ${change.alias ?? ''}`;
    case 'alias_removed':
      return `~ ${name}  lost alias ${change.alias ?? ''}`;
    default: {
      const percent = change.percent === undefined ? '' : ` (${change.percent} %)`;
      const values = `${change.before ?? 'none'} → ${change.after ?? 'none'}${percent}`;
      return `~ ${name}${callsText(change)}  ${change.unit ?? ''} ${values}${periodText(change)}`;
    }
  }
}

function ratesText(rates: Rates | undefined): string {
  if (rates === undefined) return '';
  return `  ${Object.entries(rates)
    .map(([unit, rate]) => `${unit} ${rate}`)
    .join(', ')}`;
}

const operators = { gt: '>', gte: '≥', lt: '<', lte: '≤' } as const;

/** ` [service_tier batch, > 200000 input tokens]` */
function callsText({ when, threshold, daily }: PriceChange): string {
  const parts = Object.entries(when ?? {}).map(([key, value]) => `${key} ${String(value)}`);
  if (threshold !== undefined) {
    parts.push(`${operators[threshold.op]} ${threshold.tokens} input tokens`);
  }
  if (daily !== undefined) {
    const days = daily.days === undefined ? '' : ` on days ${daily.days.join(', ')}`;
    parts.push(`${daily.start}–${daily.end}${days}`);
  }
  return parts.length === 0 ? '' : ` [${parts.join(', ')}]`;
}

function periodText({ effective_from: from, effective_to: to }: PriceChange): string {
  const day = (time: string) => time.replace('T00:00:00Z', '');
  return `${from === undefined ? '' : ` from ${day(from)}`}${to === undefined ? '' : ` until ${day(to)}`}`;
}
