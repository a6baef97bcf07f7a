import { costOfCalls, type Cell } from './cell.js';
import type { Group, Leaf } from './decompose.js';
import { addEffect, type EffectKind, type Effects } from './effects.js';
import { changeOf, ratioChange, type Change } from './exact-change.js';
import { sumByKind, unitEffects, type FactorEffect } from './unit-effects.js';

/** Calls served in all groups that have calls on both sides. */
export interface CallTotals {
  was: number;
  is: number;
}

/**
 * What changed the cost of a leaf's calls, in picodollars, in a group with calls on both sides. The effects
 * add up to the leaf's difference, as far as floating point is exact.
 *
 * A leaf has n calls at u each, and Δ(n·u) = ū·Δn + n̄·Δu with the means of both sides. Δn splits into the
 * volume of all groups, the mix of groups, and the routing within the group; a leaf on one side only
 * carries its u over to the other, so that moving calls to a new model is routing and nothing else. n̄·Δu
 * splits among the factors of the cost of a call ({@link unitEffects}), given back as `units` as well.
 */
export function leafEffects(
  { was, is }: Leaf,
  group: Group,
  totals: CallTotals,
): { effects: Effects; units: FactorEffect[] } {
  const effects: Effects = {};
  if (was.served === 0 && is.served === 0) return { effects, units: [] };
  const unitWas = unitCost(was.served > 0 ? was : is);
  const unitIs = unitCost(is.served > 0 ? is : was);
  const unit = (unitWas + unitIs) / 2;

  const leafCalls = changeOf(was.served, is.served);
  const groupCalls = changeOf(group.was.served, group.is.served);
  const allCalls = changeOf(totals.was, totals.is);
  const leafShare = meanShare(leafCalls, groupCalls);
  const groupShare = meanShare(groupCalls, allCalls);
  addEffect(effects, 'routing', unit * mean(groupCalls) * ratioChange(leafCalls, groupCalls));
  addEffect(effects, 'mix', unit * leafShare * mean(allCalls) * ratioChange(groupCalls, allCalls));
  addEffect(effects, 'volume', unit * leafShare * groupShare * allCalls.by);

  if (was.served === 0 || is.served === 0) return { effects, units: [] };
  const calls = mean(leafCalls);
  const units = unitEffects(was, is, calls);
  for (const [kind, value] of Object.entries(sumByKind(units))) {
    addEffect(effects, kind as EffectKind, value);
  }
  addEffect(effects, 'other', calls * ratioChange(changeOf(was.other, is.other), leafCalls));
  return { effects, units };
}

function unitCost(cell: Cell): number {
  return Number(costOfCalls(cell)) / cell.served;
}

function mean({ was, is }: Change): number {
  return (was + is) / 2;
}

function meanShare(of: Change, among: Change): number {
  return (of.was / among.was + of.is / among.is) / 2;
}
