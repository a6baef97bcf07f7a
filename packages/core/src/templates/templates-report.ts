import { shareOf } from '../answer/index.js';
import { divideHalfEven, formatUsd, type Picodollars } from '../money.js';
import type { BucketSize, Filter, Query, QueryResult, QueryRow, Window } from '../report/query.js';
import { compareQuantity, type QuantityChange } from './compare-quantity.js';
import { dateSwitch, type VersionSwitch } from './date-switch.js';
import { describeTemplates, describeVersion } from './describe-version.js';
import { findPredecessor } from './find-predecessor.js';
import { orderVersions, type TemplateOrder } from './order-versions.js';
import { templateQuantities, type TemplateQuantity } from './quantities.js';
import { readVersions, versionDimensions, versionMeasures } from './read-versions.js';
import { sumBuckets, type Version, type VersionBucket } from './version.js';

export interface TemplatesRequest {
  window: Window;
  filters?: Filter[];
  /** What "worst first" means. Default: `cost`, what the change cost in the window. */
  order?: TemplateOrder;
  limit?: number;
}

/** A version beside the one before it. */
export interface TemplateRow {
  feature: string | null;
  /** Null: calls that name no template version. */
  template_version: string | null;
  /** The one that it took over from; absent where there is none to compare with. */
  previous_version?: string | null;
  /** Calls in the window, their errors, and their cost (null when none of them has a known one). */
  calls: number;
  errors: number;
  unpriced_calls: number;
  cost_usd: string | null;
  /** Whether it came into use in the window: its first call, or the moment when it took over, lies there. */
  is_change: boolean;
  /** How it came into use; null where it was in use before what is looked at. */
  switch: VersionSwitch | null;
  /** Of this version, and of the one before where there is one. */
  quantities: Record<TemplateQuantity, QuantityChange>;
  /** Runs that succeeded, of those whose outcome is known; asked for where there are versions to compare. */
  success: { before: number | null; after: number | null };
  /** What the calls of the window cost more than at the cost per call of the version before; null unknown. */
  extra_usd: string | null;
  /** One sentence for people. */
  summary: string;
}

export interface TemplatesReport {
  /** One sentence for people. */
  summary: string;
  window: Window;
  /** What is looked at: the window, and as long before it, for the versions that were in use then. */
  compared: Window;
  order: TemplateOrder;
  /** What of time is one observation, and the grain of the dates, for features that changed; else days. */
  bucket: BucketSize;
  rows: TemplateRow[];
  truncated: boolean;
  notes: string[];
}

type Ask = (query: Query) => Promise<QueryResult>;

const mostRows = 100_000;
const longestByHour = 31 * 24 * 3_600_000;
/** More features are dated by days. */
const mostChanging = 200;

/**
 * Each template version that was used in the window against the one before it: what a call costs and takes,
 * whether that differs beyond noise, when the one took over from the other. Changes come first, the worst
 * of them first. `ask` answers a query, from a store or over HTTP.
 */
export async function buildTemplates(
  ask: Ask,
  request: TemplatesRequest,
): Promise<TemplatesReport> {
  const { window, filters = [], order = 'cost', limit = 100 } = request;
  const length = Date.parse(window.to) - Date.parse(window.from);
  const compared: Window = {
    from: new Date(Date.parse(window.from) - length).toISOString(),
    to: window.to,
  };
  const earlier: Window = { from: compared.from, to: window.from };
  const read = async (bucket: BucketSize, more: Filter[]) => {
    const query = (asked: Window): Query => ({
      measures: [...versionMeasures],
      dimensions: [...versionDimensions],
      filters: [
        ...filters,
        ...more,
        { dimension: 'outcome', op: 'not_in', values: ['unmetered'] },
        { dimension: 'api', op: 'not_in', values: ['manual'] },
      ],
      window: asked,
      bucket,
      limit: mostRows,
    });
    const [before, now] = await Promise.all([ask(query(earlier)), ask(query(window))]);
    return { before: before.rows, now: now.rows, isCut: before.truncated || now.truncated };
  };
  const days = await read('day', []);
  const changing = changingFeatures(readVersions([...days.before, ...days.now]));
  const isShort = 2 * length <= longestByHour && changing.length <= mostChanging;
  const only: Filter[] = [{ dimension: 'feature', op: 'in', values: changing }];
  const [hours, outcomes] = await Promise.all([
    isShort && changing.length > 0 ? read('hour', only) : null,
    changing.length === 0 ? null : readOutcomes(ask, compared, [...filters, ...only]),
  ]);
  const isByHour = hours !== null && !hours.isCut;
  const answer = isByHour ? replaceFeatures(days, hours, changing) : days;
  const all = readVersions([...answer.before, ...answer.now]);
  const before = readVersions(answer.before);
  const rows = readVersions(answer.now).map((now): TemplateRow => {
    const version = all.find((each) => isSame(each, now))!;
    const isNew = !before.some((each) => isSame(each, now));
    return rowOf({
      version,
      inWindow: sumBuckets(now.buckets),
      isNew,
      all,
      window,
      outcomes: outcomes ?? unknown,
    });
  });
  const sorted = orderVersions(rows, order);
  return {
    summary: describeTemplates(sorted, order),
    window,
    compared,
    order,
    bucket: isByHour ? 'hour' : 'day',
    rows: sorted.slice(0, limit),
    truncated: sorted.length > limit,
    notes: notesOf(sorted, days.isCut),
  };
}

/** Features with a version that can be compared with one before: only those are looked at closely. */
function changingFeatures(versions: readonly Version[]): (string | null)[] {
  const found = versions.filter((version) => findPredecessor(version, versions) !== null);
  return [...new Set(found.map(({ feature }) => feature))];
}

interface BothWindows {
  before: QueryRow[];
  now: QueryRow[];
}

/** The rows of these features by hours in place of those by days. */
function replaceFeatures(
  days: BothWindows,
  hours: BothWindows,
  features: readonly (string | null)[],
): BothWindows {
  const others = (rows: QueryRow[]) =>
    rows.filter((row) => !features.includes((row['feature'] as string | null) ?? null));
  return {
    before: [...others(days.before), ...hours.before],
    now: [...others(days.now), ...hours.now],
  };
}

interface RowFacts {
  version: Version;
  inWindow: VersionBucket;
  isNew: boolean;
  all: readonly Version[];
  window: Window;
  outcomes: Outcomes;
}

function isSame(a: Version, b: Version): boolean {
  return a.feature === b.feature && a.template === b.template;
}

function rowOf({ version, inWindow, isNew, all, window, outcomes }: RowFacts): TemplateRow {
  const { feature, template } = version;
  const predecessor = findPredecessor(version, all);
  const whole = sumBuckets(version.buckets);
  const before = predecessor?.buckets ?? [];
  const quantities = Object.fromEntries(
    templateQuantities.map((name) => [name, compareQuantity(name, before, version.buckets)]),
  ) as Record<TemplateQuantity, QuantityChange>;
  const change = predecessor === null ? null : dateSwitch(version, predecessor, all);
  const row: Omit<TemplateRow, 'summary'> = {
    feature,
    template_version: template,
    ...(predecessor === null ? {} : { previous_version: predecessor.template }),
    calls: inWindow.calls,
    errors: inWindow.errors,
    unpriced_calls: Math.max(0, inWindow.metered - inWindow.priced),
    cost_usd: inWindow.priced > 0 ? formatUsd(inWindow.cost) : null,
    is_change:
      change !== null &&
      (isNew || (change.took_over_at !== null && change.took_over_at >= window.from)),
    switch: change,
    quantities,
    success: {
      before: predecessor === null ? null : outcomes(feature, predecessor.template),
      after: outcomes(feature, template),
    },
    extra_usd: predecessor === null ? null : extraOf(inWindow, whole, sumBuckets(before)),
  };
  return { ...row, summary: describeVersion(row) };
}

/** Calls × what one costs more than one of the version before. */
function extraOf(
  inWindow: VersionBucket,
  whole: VersionBucket,
  before: VersionBucket,
): string | null {
  if (inWindow.priced <= 0 || whole.priced <= 0 || before.priced <= 0) return null;
  const at = (cost: Picodollars, calls: number) =>
    divideHalfEven(cost * BigInt(inWindow.priced), BigInt(calls));
  return formatUsd(inWindow.cost - at(before.cost, before.priced));
}

type Outcomes = (feature: string | null, template: string | null) => number | null;

const unknown: Outcomes = () => null;

/** The share of successes among the runs whose outcome is known, of each version. */
async function readOutcomes(ask: Ask, window: Window, filters: Filter[]): Promise<Outcomes> {
  const { rows } = await ask({
    measures: ['runs'],
    dimensions: ['feature', 'template_version', 'run_outcome'],
    filters: [...filters, { dimension: 'run_outcome', op: 'in', values: ['success', 'failure'] }],
    window,
    limit: mostRows,
  });
  const runs = new Map<string, { success: number; all: number }>();
  const keyOf = (feature: unknown, template: unknown) => JSON.stringify([feature, template]);
  for (const row of rows) {
    const key = keyOf(row['feature'] ?? null, row['template_version'] ?? null);
    const sum = runs.get(key) ?? { success: 0, all: 0 };
    runs.set(key, sum);
    sum.all += count(row, 'runs');
    if (row['run_outcome'] === 'success') sum.success += count(row, 'runs');
  }
  return (feature, template) => {
    const sum = runs.get(keyOf(feature, template));
    return sum === undefined ? null : shareOf(sum.success, sum.all);
  };
}

function notesOf(rows: readonly TemplateRow[], isCut: boolean): string[] {
  const notes: string[] = [];
  const unnamed = rows.filter(({ template_version: template }) => template === null);
  if (unnamed.length > 0) {
    const calls = unnamed.reduce((sum, row) => sum + row.calls, 0);
    notes.push(
      `${calls.toLocaleString('en-US')} calls name no template version; the tag template_version tells them apart.`,
    );
  }
  if (isCut) {
    notes.push(
      `There are more versions and days than one answer holds (${mostRows.toLocaleString('en-US')} rows): filter by feature.`,
    );
  }
  return notes;
}

function count(row: QueryRow, name: string): number {
  return Number(row[name] ?? 0);
}
