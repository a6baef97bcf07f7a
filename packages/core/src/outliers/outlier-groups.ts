import type { AnswerBooks } from '../answer/answer-books.js';
import type { Filter, QueryRow, Window } from '../report/query.js';
import { costFloor, leastGroupCalls, type CostSpread } from './cost-floor.js';
import { spreadMeasures, sumMeasures } from './measures.js';
import { addSums, readSums, type CallSums } from './typical-call.js';

/** Whom a call is compared with: its feature and model, its feature, or all calls of the request. */
export type PeerLevel = 'model' | 'feature' | 'all';

export interface Peers {
  level: PeerLevel;
  /** Of the set of peers: groups with equal names share it. */
  name: string;
  /** The model that most of them have. */
  usualModel: string | null;
  /** Sums over the peers without the outliers, which are given by group. */
  sums(outlying: ReadonlyMap<string, CallSums>): CallSums;
}

/** The calls of one feature and model. */
export interface OutlierGroup {
  feature: string | null;
  model: string | null;
  sums: CallSums;
  peers: Peers;
  /** Null where the peers are too few, or none has a cost. */
  spread: CostSpread | null;
  /** What its dearest call costs; null where that is not known. */
  dearest_usd: string | null;
}

interface Scope {
  window: Window;
  filters: Filter[];
}

/** Groups are floors of one question to the store, which takes so many. */
const mostGroups = 10_000;

interface Group {
  name: string;
  feature: string | null;
  model: string | null;
  sums: CallSums;
}

/**
 * The groups of feature and model, with the costs that are usual in them. Sums come from one query, which
 * roll-ups can answer; percentiles from one over the calls, and from one more for each level that a small
 * group has to fall back on.
 */
export async function readGroups(
  books: Pick<AnswerBooks, 'query'>,
  scope: Scope,
): Promise<{ groups: OutlierGroup[]; truncated: boolean }> {
  const dimensions = ['feature', 'model'] as const;
  const ask = { ...scope, dimensions: [...dimensions], limit: mostGroups };
  const byCalls = { order: [{ by: 'calls' as const, direction: 'desc' as const }] };
  const [sums, spreads] = await Promise.all([
    books.query({ ...ask, measures: sumMeasures, ...byCalls }),
    books.query({ ...ask, measures: spreadMeasures }),
  ]);
  const groups = sums.rows
    .map((row): Group => ({ ...keyOf(row), sums: readSums(row) }))
    .filter(({ sums: { calls } }) => calls > 0);
  const small = groups.filter(({ sums: { calls } }) => calls < leastGroupCalls);
  const byFeature = gathered(groups);
  const featuresAsked = [...new Set(small.map(({ feature }) => feature))].filter(
    (feature) => callsOf(byFeature.get(feature)!) >= leastGroupCalls,
  );
  const isAllAsked = small.some(({ feature }) => !featuresAsked.includes(feature));
  const [features, all] = await Promise.all([
    featuresAsked.length === 0 ? [] : featureSpreads(books, scope, featuresAsked),
    isAllAsked ? allSpread(books, scope) : undefined,
  ]);

  const spreadOf = new Map(spreads.rows.map((row) => [nameOf(row), row]));
  const spreadOfFeature = new Map(features.map((row) => [text(row['feature']), row]));
  const known = new Map<string, Judged>();
  /** The spread of a set of peers, worked out once for all the groups that it is the set of. */
  const judge = (
    level: PeerLevel,
    members: readonly Group[],
    row: QueryRow | undefined,
  ): Judged => {
    const [{ feature, model }] = members as [Group];
    const name = JSON.stringify([
      level,
      level === 'all' ? null : feature,
      level === 'model' ? model : null,
    ]);
    const found = known.get(name) ?? {
      peers: peersOf(level, name, members),
      spread: costFloor(row, callsOf(members)),
    };
    known.set(name, found);
    return found;
  };
  const judgeGroup = (group: Group): Judged => {
    const own = judge('model', [group], spreadOf.get(group.name));
    if (own.spread !== null) return own;
    const ofFeature = spreadOfFeature.get(group.feature);
    if (ofFeature !== undefined) {
      const wider = judge('feature', byFeature.get(group.feature)!, ofFeature);
      if (wider.spread !== null) return wider;
    }
    return all === undefined ? own : judge('all', groups, all);
  };
  return {
    truncated: sums.truncated,
    groups: groups.map((group) => {
      const { feature, model, sums: own } = group;
      const dearest = spreadOf.get(group.name)?.['cost_max'] ?? null;
      return {
        feature,
        model,
        sums: own,
        ...judgeGroup(group),
        dearest_usd: dearest === null ? null : String(dearest),
      };
    }),
  };
}

type Judged = Pick<OutlierGroup, 'peers' | 'spread'>;

function peersOf(level: PeerLevel, name: string, members: readonly Group[]): Peers {
  const usual = members.reduce((most, each) => (each.sums.calls > most.sums.calls ? each : most));
  return {
    level,
    name,
    usualModel: usual.model,
    sums: (outlying) =>
      addSums(
        members.map(({ sums }) => sums),
        members.flatMap(({ name: member }) => outlying.get(member) ?? []),
      ),
  };
}

async function featureSpreads(
  books: Pick<AnswerBooks, 'query'>,
  { window, filters }: Scope,
  features: readonly (string | null)[],
): Promise<QueryRow[]> {
  const { rows } = await books.query({
    window,
    filters: [...filters, { dimension: 'feature', op: 'in', values: [...features] }],
    measures: spreadMeasures,
    dimensions: ['feature'],
    limit: features.length,
  });
  return rows;
}

async function allSpread(
  books: Pick<AnswerBooks, 'query'>,
  { window, filters }: Scope,
): Promise<QueryRow | undefined> {
  const { rows } = await books.query({ window, filters, measures: spreadMeasures });
  return rows[0];
}

function gathered(groups: readonly Group[]): Map<string | null, Group[]> {
  const features = new Map<string | null, Group[]>();
  for (const group of groups) {
    const members = features.get(group.feature) ?? [];
    members.push(group);
    features.set(group.feature, members);
  }
  return features;
}

function callsOf(groups: readonly Group[]): number {
  return groups.reduce((sum, { sums }) => sum + sums.calls, 0);
}

/** A group's name: its feature and its model. */
export function groupName(feature: string | null, model: string | null): string {
  return JSON.stringify([feature, model]);
}

function keyOf(row: QueryRow): Pick<Group, 'feature' | 'model' | 'name'> {
  const feature = text(row['feature']);
  const model = text(row['model']);
  return { feature, model, name: groupName(feature, model) };
}

function nameOf(row: QueryRow): string {
  return keyOf(row).name;
}

function text(value: string | number | null | undefined): string | null {
  return value == null ? null : String(value);
}
