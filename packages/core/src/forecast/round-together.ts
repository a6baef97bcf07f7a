import { divideHalfEven, picodollarsPerUsd, type Picodollars } from '../money.js';

/**
 * To what a forecast is rounded: cents from $100 on, below that the fourth significant digit. More would
 * be digits that nobody can know.
 */
export function quantumOf(amount: Picodollars): Picodollars {
  const cent = picodollarsPerUsd / 100n;
  const size = amount < 0n ? -amount : amount;
  if (size >= 100n * picodollarsPerUsd) return cent;
  let quantum = 1n;
  while (size >= quantum * 10_000n && quantum < cent) quantum *= 10n;
  return quantum;
}

export function roundTo(amount: Picodollars, quantum: Picodollars): Picodollars {
  return divideHalfEven(amount, quantum) * quantum;
}

/**
 * The amounts rounded so that they add up to the rounded total exactly: all are rounded down, and what is
 * missing goes to those that lost most (largest remainder), the earlier one where two lost as much.
 */
export function roundTogether(
  amounts: readonly Picodollars[],
  total: Picodollars,
  quantum: Picodollars,
): Picodollars[] {
  const floors = amounts.map((amount) => {
    const rest = ((amount % quantum) + quantum) % quantum;
    return { rounded: amount - rest, rest };
  });
  const order = floors.map((_, index) => index);
  order.sort((a, b) => {
    const difference = floors[b]!.rest - floors[a]!.rest;
    return difference > 0n ? 1 : difference < 0n ? -1 : a - b;
  });
  const given = floors.reduce((sum, { rounded }) => sum + rounded, 0n);
  let missing = (total - given) / quantum;
  const rounded = floors.map((floor) => floor.rounded);
  for (let turn = 0; missing !== 0n && order.length > 0; turn++) {
    const index = order[turn % order.length]!;
    const step = missing > 0n ? 1n : -1n;
    rounded[index] = rounded[index]! + step * quantum;
    missing -= step;
  }
  return rounded;
}
