import { Buffer } from 'node:buffer';
import {
  costByKind,
  formatUsd,
  inputSizeOf,
  parseUsd,
  recordedAt,
  type Dimension,
  type Entry,
  type Measure,
  type Query,
  type QueryRow,
  type TagName,
} from '@farthing/core';

type Value = string | number | bigint | boolean | null;

/**
 * The query's meaning, spelled out entry by entry with integers: slow, obvious, and sharing nothing
 * with any driver. Drivers must give the same rows in the same order.
 */
export function referenceQuery(entries: readonly Entry[], query: Query): QueryRow[] {
  const dimensions = [...new Set(query.dimensions ?? [])];
  const measures = [...new Set(query.measures)];
  const knownThen = entries.filter((entry) => known(entry, query));
  const scope = knownThen.filter((entry) => inWindow(entry, query));
  const keep = scope.filter((entry) => passes(entry, query, knownThen));

  const groups = new Map<string, { keys: Value[]; members: Entry[] }>();
  if (dimensions.length === 0 && query.bucket === undefined) {
    groups.set('[]', { keys: [], members: [] });
  }
  for (const entry of keep) {
    const keys: Value[] = dimensions.map((dimension) => dimensionOf(entry, dimension, knownThen));
    if (query.bucket !== undefined) keys.unshift(bucketOf(entry.started_at, query.bucket));
    const name = JSON.stringify(keys);
    const group = groups.get(name) ?? { keys, members: [] };
    group.members.push(entry);
    groups.set(name, group);
  }

  const names: string[] = [...(query.bucket === undefined ? [] : ['bucket']), ...dimensions];
  const rows = [...groups.values()].map(({ keys, members }) => [
    ...keys,
    ...measures.map((measure) => measureOf(members, measure, scope, query)),
  ]);
  const columns = [...names, ...measures];
  const order = [
    ...(query.order ??
      (query.bucket === undefined
        ? [{ by: measures[0]!, direction: 'desc' as const }]
        : [
            { by: 'bucket' as const, direction: 'asc' as const },
            { by: measures[0]!, direction: 'desc' as const },
          ])),
    ...names.map((by) => ({ by, direction: 'asc' as const })),
  ];
  rows.sort((a, b) => {
    for (const { by, direction } of order) {
      const column = columns.indexOf(by);
      const difference = compare(a[column]!, b[column]!, direction);
      if (difference !== 0) return difference;
    }
    return 0;
  });
  return rows
    .slice(0, query.limit ?? 1000)
    .map((row) =>
      Object.fromEntries(
        columns.map((name, index) => [name, outside(row[index]!, index < names.length)]),
      ),
    );
}

function inWindow({ started_at }: Entry, { window }: Query): boolean {
  if (window === undefined) return true;
  const time = Date.parse(started_at);
  return time >= Date.parse(window.from) && time < Date.parse(window.to);
}

function known(entry: Entry, { as_of: asOf }: Query): boolean {
  return asOf === undefined || Date.parse(recordedAt(entry)) <= Date.parse(asOf);
}

function passes(entry: Entry, query: Query, knownThen: readonly Entry[]): boolean {
  return (query.filters ?? []).every(({ dimension, op, values }) => {
    const value = dimensionOf(entry, dimension, knownThen);
    return values.includes(value === null ? null : String(value)) === (op === 'in');
  });
}

/** Numbers stay numbers here, so that attempt 10 is ordered after attempt 2. */
function dimensionOf(entry: Entry, dimension: Dimension, knownThen: readonly Entry[]): Value {
  if (dimension.startsWith('tag:')) {
    const custom = entry.tags.custom ?? {};
    const key = dimension.slice(4);
    return Object.hasOwn(custom, key) ? custom[key]! : null;
  }
  switch (dimension) {
    case 'provider':
    case 'api':
    case 'model':
    case 'model_requested':
    case 'source':
    case 'outcome':
    case 'attempt':
    case 'stream':
    case 'http_status':
      return entry[dimension];
    case 'input_size': {
      if (entry.kind === 'adjustment' || entry.usage === null) return null;
      const { output: _output, ...input } = entry.usage.tokens;
      return inputSizeOf(Object.values(input).reduce((all, tokens) => all + tokens, 0));
    }
    case 'step':
      return entry.span?.path?.map(({ kind, name }) => `${kind}:${name ?? ''}`).join('/') || null;
    case 'parent_span':
      return entry.span?.parent ?? null;
    case 'run_outcome':
      return runOutcome(entry, knownThen);
    case 'hour_of_day':
      return new Date(entry.started_at).toISOString().slice(11, 13);
    case 'day_of_week':
      return String(((new Date(entry.started_at).getUTCDay() + 6) % 7) + 1);
    case 'cost_status':
      return bookedStatus(entry);
    case 'cost_source':
      return entry.cost.source ?? null;
    default:
      return entry.tags[dimension as TagName] ?? null;
  }
}

/** The last word about the entry's run, whenever it was said. */
function runOutcome({ tags }: Entry, knownThen: readonly Entry[]): string | null {
  if (tags.run === undefined) return null;
  const said = knownThen.filter(
    (entry) =>
      entry.kind === 'call' &&
      entry.api === 'outcome' &&
      entry.tags.run === tags.run &&
      Object.hasOwn(entry.tags.custom ?? {}, 'outcome'),
  );
  const place = ({ started_at, id }: Entry): string => started_at + id.toLowerCase();
  said.sort((a, b) => (place(a) < place(b) ? -1 : 1));
  return said.at(-1)?.tags.custom?.['outcome'] ?? null;
}

/** Charges of cached tokens, where a charge of plain input says what they are compared with. */
function valuedCharges({ cost }: Entry): Entry['cost']['charges'] | null {
  const isPlain = cost.charges.some(({ kind }) => kind === 'input_uncached');
  return isPlain ? cost.charges.filter(({ kind }) => kind.startsWith('cache_')) : null;
}

/** Rates of arbitrary entries are one dollar a million: one millionth of a dollar a token. */
function cachedAgainstPlain(entry: Entry, kind: string): bigint | null {
  const charges = valuedCharges(entry)?.filter((charge) => charge.kind.startsWith(kind)) ?? null;
  if (charges === null) return null;
  const difference = charges.reduce(
    (all, { quantity, amount_usd: amount }) =>
      all + BigInt(quantity) * 1_000_000n - parseUsd(amount),
    0n,
  );
  return kind === 'cache_read' ? difference : -difference;
}

/** UTC calendar arithmetic of its own; weeks begin on Monday. */
function bucketOf(time: string, size: NonNullable<Query['bucket']>): string {
  const date = new Date(time);
  if (size === 'minute') date.setUTCSeconds(0, 0);
  else if (size === 'hour') date.setUTCMinutes(0, 0, 0);
  else date.setUTCHours(0, 0, 0, 0);
  if (size === 'week') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  if (size === 'month') date.setUTCDate(1);
  return date.toISOString();
}

/** An adjustment stands where its call stands. */
function bookedStatus({ cost, adjusts }: Entry): string {
  return adjusts?.status_booked ?? adjusts?.status_before ?? cost.status;
}

const isUnknown = (usd: string | null, status: string): number =>
  usd === null && status !== 'not_billed' ? 1 : 0;

/** By how much an entry changes the numbers of known and of unknown costs. */
function changeOf({ adjusts, cost, api }: Entry): { known: number; unknown: number } {
  if (api === 'outcome') return { known: 0, unknown: 0 };
  if (adjusts == null || adjusts.entry === null) {
    return { known: cost.usd === null ? 0 : 1, unknown: isUnknown(cost.usd, cost.status) };
  }
  return {
    known: Number(adjusts.usd_after !== null) - Number(adjusts.usd_before !== null),
    unknown:
      isUnknown(adjusts.usd_after, adjusts.status_after) -
      isUnknown(adjusts.usd_before, adjusts.status_before),
  };
}

/** What says how a run ended is no call. */
const isCall = ({ kind, api }: Entry): boolean => kind === 'call' && api !== 'outcome';
const isOfCall = ({ adjusts, api }: Entry): boolean => adjusts?.entry !== null && api !== 'outcome';

/** What each call costs by all that is known in the scope of the query. */
function restatedCosts(calls: readonly Entry[], scope: readonly Entry[]): bigint[] {
  return calls.flatMap((call) => restatedCost(call, scope) ?? []);
}

function restatedCost(call: Entry, scope: readonly Entry[]): bigint | null {
  const entries = scope.filter(
    (entry) => entry === call || entry.adjusts?.entry?.toLowerCase() === call.id.toLowerCase(),
  );
  const isKnown = entries.reduce((count, entry) => count + changeOf(entry).known, 0) > 0;
  return isKnown ? sum(entries.map(({ cost }) => parseUsd(cost.usd ?? '0'))) : null;
}

/** Calls whose usage was counted, and the adjustments of those: they repeat the estimate. */
function isEstimated({ kind, estimate, usage }: Entry): boolean {
  if (estimate === undefined || estimate.method === 'none') return false;
  return kind === 'adjustment' || (usage !== null && !usage.estimated);
}

/** The seeds' rule: beyond a share of the estimate, which counts as 0.0001 USD at least. */
function isBeyond(cost: bigint, estimated: bigint, threshold: number): boolean {
  const base = estimated > 100_000_000n ? estimated : 100_000_000n;
  const off = cost > estimated ? cost - estimated : estimated - cost;
  return off * 100n > BigInt(Math.round(threshold * 100)) * base;
}

function measureOf(
  entries: readonly Entry[],
  measure: Measure,
  scope: readonly Entry[],
  { drift_threshold: driftThreshold = 0.3, token_cap: cap = 0 }: Query,
): Value {
  const calls = entries.filter(isCall);
  const retries = calls.filter(({ attempt }) => attempt > 1);
  const unattributed = (entry: Entry): boolean => entry.tags.feature === undefined;
  const prices = measure.startsWith('cost_') ? restatedCosts(calls, scope) : [];
  const count = (members: readonly Entry[], name: 'known' | 'unknown'): number =>
    members.reduce((all, entry) => all + changeOf(entry)[name], 0);
  const durations = calls.map(({ duration_ms }) => duration_ms);
  const outputs = calls.flatMap(({ usage }) => usage?.tokens.output ?? []);
  const firstBytes = calls.flatMap(({ first_byte_ms }) => first_byte_ms ?? []);
  const kind = (entry: Entry, ...names: (keyof NonNullable<ReturnType<typeof costByKind>>)[]) => {
    const split = costByKind(entry.cost);
    return split === null ? null : names.reduce((sum, name) => sum + split[name], 0n);
  };
  const money = (members: readonly Entry[], amount: (entry: Entry) => bigint | null) => {
    const lacking = count(members, 'known') <= 0 && count(members, 'unknown') > 0;
    if (lacking && members.some(isCall)) return null;
    return sum(members.map(amount).filter((value) => value !== null));
  };
  const total = (entry: Entry): bigint | null => kind(entry, 'total');
  const compared = entries.filter(
    (entry) => isEstimated(entry) && entry.estimate?.usd !== undefined,
  );
  // Of images the cost is estimated, and no tokens.
  const estimated = entries.filter(
    (entry) => isEstimated(entry) && entry.estimate?.method !== 'request',
  );
  const moneyOfCompared = (amount: (entry: Entry) => bigint): bigint | null =>
    count(compared, 'known') <= 0 ? null : sum(compared.map(amount));
  const fromSource = (source: 'system' | 'tools' | 'context' | 'history' | 'user' | 'files') =>
    entries.reduce((all, { prompt }) => all + (prompt?.[source] ?? 0) * (prompt?.calls ?? 1), 0);
  const tokens = (...names: (keyof NonNullable<Entry['usage']>['tokens'])[]): number =>
    tokensOf(entries, ...names);
  const tokensOf = (
    members: readonly Entry[],
    ...names: (keyof NonNullable<Entry['usage']>['tokens'])[]
  ): number =>
    members.reduce(
      (sum, { usage }) => sum + names.reduce((part, name) => part + (usage?.tokens[name] ?? 0), 0),
      0,
    );
  const input = (): number =>
    tokens('input_uncached', 'cache_read', 'cache_write', 'cache_write_5m', 'cache_write_1h');
  const quotient = (a: number, b: number): number | null => (b === 0 ? null : a / b);
  const distinct = (tag: TagName): number =>
    new Set(calls.flatMap(({ tags }) => tags[tag] ?? [])).size;
  const costPer = (tag: TagName): bigint | null => {
    const carrying = entries.filter(({ tags }) => tags[tag] !== undefined);
    return count(carrying, 'known') <= 0 || distinct(tag) === 0
      ? null
      : halfEven(sum(carrying.map((entry) => total(entry) ?? 0n)), BigInt(distinct(tag)));
  };
  switch (measure) {
    case 'calls':
      return calls.length;
    case 'errors':
      return calls.filter(({ outcome }) => ['error', 'interrupted'].includes(outcome)).length;
    case 'retries':
      return retries.length;
    case 'unpriced_calls':
      return count(
        entries.filter((entry) => isOfCall(entry) && entry.outcome !== 'unmetered'),
        'unknown',
      );
    case 'unattributed_calls':
      return calls.filter(unattributed).length;
    case 'cost':
      return money(entries, total);
    case 'cost_input_uncached':
      return money(entries, (entry) => kind(entry, 'input_uncached'));
    case 'cost_cache_read':
      return money(entries, (entry) => kind(entry, 'cache_read'));
    case 'cost_cache_write':
      return money(entries, (entry) => kind(entry, 'cache_write'));
    case 'cost_input':
      return money(entries, (entry) => kind(entry, 'input_uncached', 'cache_read', 'cache_write'));
    case 'cost_output':
      return money(entries, (entry) => kind(entry, 'output'));
    case 'cost_other':
      return money(entries, (entry) => kind(entry, 'other'));
    case 'reported_cost': {
      const reported = entries.flatMap(({ cost }) => cost.reported_usd ?? []);
      return reported.length === 0 ? null : reported.reduce((sum, usd) => sum + parseUsd(usd), 0n);
    }
    case 'list_cost':
      return money(entries, ({ cost }) => {
        const list = cost.list_usd ?? cost.computed_usd ?? cost.usd;
        return list === null ? null : parseUsd(list);
      });
    case 'adjustments':
      return entries.filter(({ kind: what }) => what === 'adjustment').length;
    case 'adjusted_cost':
      return sum(
        entries.flatMap(({ kind: what, cost }) =>
          what === 'call' || cost.usd === null ? [] : [parseUsd(cost.usd)],
        ),
      );
    case 'unattributed_cost':
      return money(entries.filter(unattributed), total);
    case 'retries_cost':
      return money(
        entries.filter((entry) => isOfCall(entry) && entry.attempt > 1),
        total,
      );
    case 'priced_calls':
      return count(entries.filter(isOfCall), 'known');
    case 'cost_of_calls':
      return sum(entries.filter(isOfCall).map(({ cost }) => parseUsd(cost.usd ?? '0')));
    case 'cost_average': {
      const ofCalls = entries.filter(isOfCall);
      const divisor = BigInt(count(ofCalls, 'known'));
      return divisor <= 0n
        ? null
        : halfEven(sum(ofCalls.map(({ cost }) => parseUsd(cost.usd ?? '0'))), divisor);
    }
    case 'cost_per_1k_calls': {
      const ofCalls = entries.filter(isOfCall);
      const divisor = BigInt(count(ofCalls, 'known'));
      return divisor <= 0n
        ? null
        : halfEven(1000n * sum(ofCalls.map(({ cost }) => parseUsd(cost.usd ?? '0'))), divisor);
    }
    case 'cost_per_session':
      return costPer('session');
    case 'cost_per_run':
      return costPer('run');
    case 'cost_per_user':
      return costPer('user');
    case 'sessions':
      return distinct('session');
    case 'runs':
      return distinct('run');
    case 'users':
      return distinct('user');
    case 'first_call_at':
      return calls.map(({ started_at: at }) => new Date(at).toISOString()).toSorted()[0] ?? null;
    case 'last_call_end_at':
      return (
        calls
          .map(({ started_at: at, duration_ms: lasted }) =>
            new Date(Date.parse(at) + lasted).toISOString(),
          )
          .toSorted()
          .at(-1) ?? null
      );
    case 'tokens_input_average':
      return quotient(input(), calls.length);
    case 'tokens_output_average':
      return quotient(tokens('output'), calls.length);
    case 'output_input_ratio':
      return quotient(tokens('output'), input());
    case 'cache_hit_ratio':
      return quotient(tokens('cache_read'), input());
    case 'error_rate':
      return quotient(
        calls.filter(({ outcome }) => ['error', 'interrupted'].includes(outcome)).length,
        calls.length,
      );
    case 'cost_min':
      return nearestRank(prices, 0);
    case 'cost_max':
      return nearestRank(prices, 100);
    case 'cost_p50':
      return nearestRank(prices, 50);
    case 'cost_p90':
      return nearestRank(prices, 90);
    case 'cost_p95':
      return nearestRank(prices, 95);
    case 'cost_p99':
      return nearestRank(prices, 99);
    case 'tokens_input':
      return input();
    case 'tokens_input_uncached':
      return tokens('input_uncached');
    case 'tokens_cache_read':
      return tokens('cache_read');
    case 'tokens_cache_write':
      return tokens('cache_write', 'cache_write_5m', 'cache_write_1h');
    case 'tokens_cache_write_5m':
      return tokens('cache_write_5m');
    case 'tokens_cache_write_1h':
      return tokens('cache_write_1h');
    case 'tokens_output_p50':
      return nearestRank(outputs, 50);
    case 'tokens_output_p95':
      return nearestRank(outputs, 95);
    case 'tokens_output_over':
      return outputs.reduce((all, output) => all + Math.max(output - cap, 0), 0);
    case 'prompt_history_over':
      return calls.reduce(
        (all, { prompt }) => all + Math.max((prompt?.history ?? 0) - cap, 0) * (prompt?.calls ?? 1),
        0,
      );
    case 'tokens_output':
      return tokens('output');
    case 'tokens_reasoning':
      return entries.reduce((all, { usage }) => all + (usage?.details.reasoning ?? 0), 0);
    case 'duration_average':
      return durations.length === 0
        ? null
        : durations.reduce((a, b) => a + b, 0) / durations.length;
    case 'duration_p50':
      return nearestRank(durations, 50);
    case 'duration_p90':
      return nearestRank(durations, 90);
    case 'duration_p99':
      return nearestRank(durations, 99);
    case 'duration_p95':
      return nearestRank(durations, 95);
    case 'first_byte_p50':
      return nearestRank(firstBytes, 50);
    case 'first_byte_p95':
      return nearestRank(firstBytes, 95);
    case 'estimated_calls':
      return estimated.filter(({ kind: what }) => what === 'call').length;
    case 'estimated_tokens_input':
      return expected(estimated, 'input_tokens');
    case 'estimated_tokens_output':
      return expected(estimated, 'output_tokens');
    case 'compared_tokens_input':
      return tokensOf(
        estimated,
        'input_uncached',
        'cache_read',
        'cache_write',
        'cache_write_5m',
        'cache_write_1h',
      );
    case 'compared_tokens_output':
      return tokensOf(estimated, 'output');
    case 'compared_calls':
      return count(compared, 'known');
    case 'estimated_cost':
      return moneyOfCompared(
        (entry) => BigInt(changeOf(entry).known) * parseUsd(entry.estimate!.usd!),
      );
    case 'compared_cost':
      return moneyOfCompared((entry) => parseUsd(entry.cost.usd ?? '0'));
    case 'drifted_calls':
      return compared.filter((entry) => {
        const cost = entry.kind === 'call' ? restatedCost(entry, scope) : null;
        return cost !== null && isBeyond(cost, parseUsd(entry.estimate!.usd!), driftThreshold);
      }).length;
    case 'cache_saved':
      return money(entries, (entry) => cachedAgainstPlain(entry, 'cache_read'));
    case 'cache_premium':
      return money(entries, (entry) => cachedAgainstPlain(entry, 'cache_write'));
    case 'cache_valued_tokens':
      return entries.reduce(
        (all, entry) =>
          all + (valuedCharges(entry) ?? []).reduce((sum, { quantity }) => sum + quantity, 0),
        0,
      );
    case 'prompt_calls':
      return entries.reduce((all, { prompt }) => all + (prompt ? (prompt.calls ?? 1) : 0), 0);
    case 'prompt_system':
      return fromSource('system');
    case 'prompt_tools':
      return fromSource('tools');
    case 'prompt_context':
      return fromSource('context');
    case 'prompt_history':
      return fromSource('history');
    case 'prompt_user':
      return fromSource('user');
    case 'prompt_files':
      return fromSource('files');
  }
}

function expected(entries: readonly Entry[], what: 'input_tokens' | 'output_tokens'): number {
  return entries.reduce(
    (all, { kind, estimate }) => all + (kind === 'call' ? (estimate?.[what] ?? 0) : 0),
    0,
  );
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((a, b) => a + b, 0n);
}

/** The smallest value that at least `percent` of all values do not exceed. */
function nearestRank<T extends number | bigint>(values: readonly T[], percent: number): T | null {
  const sorted = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const rank = Math.max(1, Math.floor((sorted.length * percent + 99) / 100));
  return sorted[rank - 1] ?? null;
}

function halfEven(numerator: bigint, denominator: bigint): bigint {
  if (numerator < 0n) return -halfEven(-numerator, denominator);
  const floor = numerator / denominator;
  const twice = 2n * (numerator % denominator);
  const up = twice > denominator || (twice === denominator && floor % 2n === 1n);
  return up ? floor + 1n : floor;
}

function compare(a: Value, b: Value, direction: 'asc' | 'desc'): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const order =
    typeof a === 'string' && typeof b === 'string'
      ? Buffer.compare(Buffer.from(a), Buffer.from(b))
      : Number(a > b) - Number(a < b);
  return direction === 'asc' ? order : -order;
}

function outside(value: Value, isKey: boolean): string | number | null {
  if (value === null) return null;
  if (typeof value === 'bigint') return formatUsd(value);
  return isKey ? String(value) : (value as string | number);
}
