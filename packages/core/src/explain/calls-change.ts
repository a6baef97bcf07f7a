import type { Picodollars } from '../money.js';
import { costOfCalls } from './cell.js';
import type { Group } from './decompose.js';

/** What more or fewer calls did to the difference: a part that all groups share, and what is a group's own. */
export interface CallsChange {
  /** Calls now ÷ before that the groups have in common; 1 where there is no common movement. */
  common: { ratio: number; amount: Picodollars };
  own: Map<string | null, Picodollars>;
}

/** Fewer groups have no movement in common that would be told from that of one of them. */
const leastGroups = 3;
const majority = 0.75;

/**
 * Tells a busier week from one feature that is called more. The common growth is what three in four groups
 * have at least, counted and by cost, whichever is nearer to none; none where they do not even agree on the
 * direction. Of each group's effect, as much is common as its own growth has of the common one.
 *
 * @param amounts what the change of calls (volume and mix) of each group comes to.
 */
export function splitCallsChange(
  groups: readonly Group[],
  amounts: ReadonlyMap<string | null, Picodollars>,
): CallsChange {
  const lasting = groups
    .filter((group) => group.was.served > 0 && group.is.served > 0)
    .map((group) => ({
      name: group.name,
      growth: Math.log(group.is.served / group.was.served),
      cost: Math.abs(Number(costOfCalls(group.was) + costOfCalls(group.is))),
    }));
  const [byCount, byCost] = [
    sharedGrowth(lasting, () => 1),
    sharedGrowth(lasting, ({ cost }) => cost),
  ];
  const agree = lasting.length >= leastGroups && byCount * byCost > 0;
  const shared = agree ? (Math.abs(byCount) < Math.abs(byCost) ? byCount : byCost) : 0;

  const own = new Map(amounts);
  let amount = 0n;
  for (const { name, growth } of lasting) {
    const whole = amounts.get(name) ?? 0n;
    if (shared === 0 || growth === 0 || whole === 0n) continue;
    const share = Math.min(1, Math.max(0, shared / growth));
    const common = BigInt(Math.round(Number(whole) * share));
    amount += common;
    own.set(name, whole - common);
  }
  return { common: { ratio: Math.exp(shared), amount }, own };
}

/** The logarithm of the growth that three quarters of the weight have at least; 0 where they disagree. */
function sharedGrowth<Item extends { growth: number }>(
  items: readonly Item[],
  weightOf: (item: Item) => number,
): number {
  const low = quantileOf(items, weightOf, 1 - majority);
  const high = quantileOf(items, weightOf, majority);
  return low > 0 ? low : high < 0 ? high : 0;
}

function quantileOf<Item extends { growth: number }>(
  items: readonly Item[],
  weightOf: (item: Item) => number,
  share: number,
): number {
  const sorted = items.toSorted((a, b) => a.growth - b.growth);
  const least = sorted.reduce((sum, item) => sum + weightOf(item), 0) * share;
  let seen = 0;
  for (const item of sorted) {
    seen += weightOf(item);
    if (seen >= least) return item.growth;
  }
  return 0;
}
