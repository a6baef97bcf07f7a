import { claimUpTo, type TokenAtom } from './atoms.js';
import { endOf, type Finality } from './finality.js';
import { dayOf } from './ledger-cells.js';
import { evidenceKey, type Evidence, type LinedUp } from './line-up.js';
import {
  cancelsOut,
  differs,
  groupBy,
  pairDifferences,
  type DescribeMove,
} from './pair-differences.js';
import type { ReportBucket } from './provider-report.js';
import { explainNeighbours, explainTimeAndTier, explainTimeEdges } from './time-edges.js';
import { isInput, type TokenKind } from './token-kinds.js';
import { uncertainCauses, type Uncertainty } from './uncertainty.js';

const noEvidence: Evidence = {
  ledgerRequests: 0,
  providerRequests: null,
  repeatedRequests: 0,
  repeated: new Map(),
  uncertain: [],
};

/**
 * Names the causes of token differences, strongest evidence first: what the provider itself tells
 * apart (other keys), what the ledger knows of itself (repeats), differences that cancel out exactly
 * between tiers, cache kinds or hours, unfinished reports; then what is only bounded (calls booked
 * at an estimate), differences that cancel out in part, and last, calls that never passed Farthing.
 * Every claim is bounded by what is left of its atom, so no cause explains more than differs.
 */
export function explainTokens(linedUp: LinedUp, bucket: ReportBucket, finality: Finality): void {
  const inWindow = linedUp.rateCells.flatMap((cell) => cell.atoms);
  const own = inWindow.filter(({ scope }) => scope === 'own');
  const withMargin = [...own, ...linedUp.margin.filter(({ scope }) => scope === 'own')];
  const evidenceOf = (atom: TokenAtom) => linedUp.evidence.get(atom.place) ?? noEvidence;

  for (const atom of inWindow) if (atom.scope === 'other') explainOther(atom);
  const repeats = own.flatMap((atom) => explainRepeats(atom, evidenceOf(atom)));
  const explainWhatCancelsOut = () => {
    pairTiers(own, true);
    explainTimeEdges(withMargin, bucket);
    explainTimeAndTier(withMargin, bucket, describeTier);
    pairTiersAndCaches(own);
    pairCaches(own, true);
  };
  explainWhatCancelsOut();
  if (explainRepeatsNearby(own, repeats)) explainWhatCancelsOut();
  for (const atom of own) {
    if (atom.left >= 0 || finality.usage(endOf(atom.at, bucket))) continue;
    claimUpTo(
      atom,
      'late_data',
      Number.MAX_SAFE_INTEGER,
      'the provider may still add to this hour',
    );
  }
  const requests = requestSurplus(linedUp);
  for (const group of groupBy(own.filter(differs), ({ place }) => place)) {
    const everyCallIsKnown = requests(group[0]!) === false;
    explainUncertain(group, evidenceOf(group[0]!), everyCallIsKnown);
  }
  pairTiers(own, false);
  pairCaches(own, false);
  const known = new Set(withMargin.flatMap(({ claims }) => claims.map(({ cause }) => cause)));
  explainNeighbours(withMargin, bucket, {
    clockIsOff: known.has('time_edge'),
    describeTier: known.has('service_tier') || known.has('batch') ? describeTier : null,
  });
  for (const atom of own) {
    if (atom.left <= 0 || requests(atom) === false) continue;
    const note = atom.ledger === 0 ? 'the ledger has no such call' : 'the ledger has fewer calls';
    claimUpTo(atom, 'unrecorded_calls', Number.MAX_SAFE_INTEGER, note);
  }
}

function explainOther(atom: TokenAtom): void {
  const note = 'of keys or projects that were not declared as passing Farthing';
  claimUpTo(atom, 'other_traffic', Number.MAX_SAFE_INTEGER, note);
}

/** Repeated tokens that their own cell did not need to explain. */
interface Repeats {
  at: string;
  model: string | null;
  kind: TokenKind;
  tokens: number;
}

function explainRepeats(atom: TokenAtom, { repeated }: Evidence): Repeats[] {
  const tokens = repeated.get(evidenceKey(atom.tier, atom.long, atom.geo, atom.kind)) ?? 0;
  if (tokens === 0) return [];
  const note = `${tokens} tokens belong to answers that were booked before`;
  const taken = atom.left < 0 ? claimUpTo(atom, 'double_booked', tokens, note) : 0;
  const { at, model, kind } = atom;
  return taken === tokens ? [] : [{ at, model, kind, tokens: tokens - taken }];
}

/**
 * Where a clock is off or tiers are missing as well, a repeated answer shows up as too much in another
 * cell of its day. Returns whether it explained anything.
 */
function explainRepeatsNearby(own: readonly TokenAtom[], repeats: readonly Repeats[]): boolean {
  if (repeats.length === 0) return false;
  const key = (at: string, model: string | null, kind: TokenKind) =>
    `${dayOf(at)}\n${model}\n${kind}`;
  const budgets = new Map<string, number>();
  for (const { at, model, kind, tokens } of repeats) {
    const name = key(at, model, kind);
    budgets.set(name, (budgets.get(name) ?? 0) + tokens);
  }
  let explained = false;
  for (const atom of own) {
    const name = key(atom.at, atom.model, atom.kind);
    const budget = atom.left < 0 ? (budgets.get(name) ?? 0) : 0;
    if (budget === 0) continue;
    const note = `${budget} tokens of that day belong to answers that were booked before`;
    budgets.set(name, budget - claimUpTo(atom, 'double_booked', budget, note));
    explained = true;
  }
  return explained;
}

const describeTier: DescribeMove = (from, to) => ({
  cause: from.tier === 'batch' || to.tier === 'batch' ? 'batch' : 'service_tier',
  note: `the ledger has them as ${band(from)}, the provider as ${band(to)}`,
});

const describeCache: DescribeMove = (from, to) => ({
  cause: 'cache_split',
  note: `the ledger has them as ${from.kind}, the provider as ${to.kind}`,
});

function pairTiers(atoms: readonly TokenAtom[], exact: boolean): void {
  const key = ({ place, kind }: TokenAtom) => `${place}\n${kind}`;
  for (const group of groupBy(atoms.filter(differs), key))
    pairDifferences(group, describeTier, exact);
}

function pairCaches(atoms: readonly TokenAtom[], exact: boolean): void {
  const key = ({ place, tier, long, geo }: TokenAtom) => `${place}\n${tier}\n${long}\n${geo}`;
  for (const group of groupBy(atoms.filter(isOpenInput), key))
    pairDifferences(group, describeCache, exact);
}

/**
 * Input whose tier and cache share are both recorded otherwise: if over all tiers and kinds none is
 * missing, what has the same kind is taken for another tier, what has the same tier for another
 * split, and the rest for both, which is named by its split.
 */
function pairTiersAndCaches(atoms: readonly TokenAtom[]): void {
  for (const group of groupBy(atoms.filter(isOpenInput), ({ place }) => place)) {
    if (!cancelsOut(group)) continue;
    for (const same of groupBy(group, ({ kind }) => kind))
      pairDifferences(same, describeTier, false);
    for (const same of groupBy(group, band)) pairDifferences(same, describeCache, false);
    pairDifferences(group, describeCache, false);
  }
}

function isOpenInput(atom: TokenAtom): boolean {
  return isInput(atom.kind) && differs(atom);
}

function band({ tier, long, geo }: TokenAtom): string {
  return [tier, ...(long ? ['long context'] : []), ...(geo === 'us' ? ['US only'] : [])].join(', ');
}

/**
 * Whether the provider counts more requests of this model and day than the ledger, repeats left out:
 * undefined where it counts none. Without a surplus no call can be missing in the ledger.
 */
function requestSurplus({ evidence }: LinedUp): (atom: TokenAtom) => boolean | undefined {
  const sums = new Map<string, { surplus: number; counted: boolean }>();
  const keys = (at: string, model: string | null) => [`${dayOf(at)}\n${model}`, `all\n${model}`];
  for (const [place, one] of evidence) {
    const [at = '', model = ''] = place.split('\n');
    for (const key of keys(at, model)) {
      const sum = sums.get(key) ?? { surplus: 0, counted: false };
      sum.surplus += (one.providerRequests ?? 0) - (one.ledgerRequests - one.repeatedRequests);
      sum.counted ||= one.providerRequests !== null;
      sums.set(key, sum);
    }
  }
  return ({ at, model }) => {
    const [day, all] = keys(at, model).map((key) => sums.get(key));
    if (day === undefined || !day.counted) return undefined;
    return day.surplus > 0 || (all?.surplus ?? 0) > 0;
  };
}

/**
 * Calls whose tokens the ledger only estimates. Each kind of call may explain as much as its
 * estimates may be off; if the provider counts as many requests as we do, all that is left.
 */
function explainUncertain(
  group: readonly TokenAtom[],
  { uncertain }: Evidence,
  everyCallIsKnown: boolean,
): void {
  for (const cause of uncertainCauses) {
    const sums = uncertain.map((each) => each[cause]).filter(({ calls }) => calls > 0);
    if (sums.length === 0) continue;
    const calls = sums.reduce((sum, one) => sum + one.calls, 0);
    for (const input of [true, false]) {
      const side = input ? 'input' : 'output';
      const total = (of: (one: Uncertainty) => number) =>
        sums.reduce((sum, one) => sum + of(one), 0);
      let less = total((one) => one.less[side]);
      let more = everyCallIsKnown ? Number.MAX_SAFE_INTEGER : total((one) => one.more[side]);
      for (const atom of group) {
        if (isInput(atom.kind) !== input || atom.left === 0) continue;
        const note = `${calls} ${calls === 1 ? 'call' : 'calls'} in this bucket`;
        if (atom.left < 0) less -= claimUpTo(atom, cause, less, note);
        else more -= claimUpTo(atom, cause, more, note);
      }
    }
  }
}
