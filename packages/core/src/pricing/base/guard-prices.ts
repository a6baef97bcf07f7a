import { decimalOf } from '../decimal.js';
import type { PriceRule } from '../price-rows.js';

/** A rate that moves further at once is more likely a slip of the unit than a price. */
const largestMove = 10n;
/** As many moves are named; the rest is counted. */
const mostNamed = 5;

export interface PriceGuard {
  /** Share of the rules that may vanish: 0.5 for one's own files. */
  largestLoss: number;
}

/**
 * What is suspicious about prices that are to replace others, although each row is well formed: too
 * many rows gone, or a rate of a known model moved more than tenfold for the same time. Empty when
 * nothing is. A person may accept what this finds; what the readers refuse, nobody can.
 */
export function guardPrices(
  before: readonly PriceRule[],
  after: readonly PriceRule[],
  { largestLoss }: PriceGuard,
): string[] {
  const findings: string[] = [];
  if (before.length - after.length > before.length * largestLoss) {
    findings.push(`${after.length} rows instead of ${before.length}`);
  }
  const moves = movedModels(before, after).flatMap(([was, is]) => movesBetween(was, is));
  findings.push(...moves.slice(0, mostNamed));
  if (moves.length > mostNamed) findings.push(`and ${moves.length - mostNamed} more such moves`);
  return findings;
}

/** The models that both have and that differ, with their rules: nearly all of a long list are as they were. */
function movedModels(
  before: readonly PriceRule[],
  after: readonly PriceRule[],
): [was: PriceRule[], is: PriceRule[]][] {
  const old = byModel(before);
  const moved: [PriceRule[], PriceRule[]][] = [];
  for (const [name, is] of byModel(after)) {
    const was = old.get(name);
    if (was !== undefined && !areSame(was, is)) moved.push([was, is]);
  }
  return moved;
}

function byModel(rules: readonly PriceRule[]): Map<string, PriceRule[]> {
  const models = new Map<string, PriceRule[]>();
  for (const rule of rules) {
    const name = `${rule.provider}/${rule.model}`;
    const known = models.get(name);
    if (known === undefined) models.set(name, [rule]);
    else known.push(rule);
  }
  return models;
}

function areSame(was: readonly PriceRule[], is: readonly PriceRule[]): boolean {
  return (
    was.length === is.length &&
    was.every((rule, index) => JSON.stringify(rule) === JSON.stringify(is[index]))
  );
}

function movesBetween(before: readonly PriceRule[], after: readonly PriceRule[]): string[] {
  const old = timelines(before);
  return [...timelines(after)].flatMap(([key, line]) => {
    const previous = old.get(key);
    const move = previous === undefined ? undefined : firstLargeMove(previous, line);
    return move === undefined ? [] : [`${key} from ${move.from} to ${move.to}`];
  });
}

/** The rates of one unit under the same conditions, in the order in which rules state them. */
type Timeline = { from: number; to: number; rate: string }[];

function timelines(rules: readonly PriceRule[]): Map<string, Timeline> {
  const lines = new Map<string, Timeline>();
  for (const rule of rules) {
    const period = {
      from: rule.from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(rule.from),
      to: rule.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(rule.to),
    };
    const rates = Object.entries(rule.rates ?? {});
    const factors = Object.entries(rule.multiply ?? {});
    for (const [unit, rate] of [...rates, ...factors.map(([unit, by]) => [`× ${unit}`, by])]) {
      if (unit === undefined || rate === undefined) continue;
      const key = `${rule.provider}/${rule.model}${conditionsOf(rule)} ${unit}`;
      const line = lines.get(key);
      if (line === undefined) lines.set(key, [{ ...period, rate }]);
      else line.push({ ...period, rate });
    }
  }
  return lines;
}

function conditionsOf({ when, threshold, daily }: PriceRule): string {
  const parts = Object.entries(when ?? {}).map(([name, value]) => `${name}=${String(value)}`);
  if (threshold !== undefined) parts.push(`${threshold.op} ${threshold.tokens} tokens`);
  if (daily !== undefined) parts.push(`${daily.start}–${daily.end}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function firstLargeMove(
  before: Timeline,
  after: Timeline,
): { from: string; to: string } | undefined {
  // Rates only change where some row begins or ends, so looking at those times sees every move.
  const times = new Set([...before, ...after].flatMap(({ from, to }) => [from, to]));
  for (const time of times) {
    const [from, to] = [rateAt(before, time), rateAt(after, time)];
    if (from !== undefined && to !== undefined && movesTenfold(from, to)) return { from, to };
  }
  return undefined;
}

/** Later rows win, as in the price book. */
function rateAt(line: Timeline, time: number): string | undefined {
  return line.findLast(({ from, to }) => time >= from && time < to)?.rate;
}

/** Whether one of two rates (plain decimals) is more than ten times the other; 0 and anything else are. */
export function movesTenfold(from: string, to: string): boolean {
  const [left, right] = [decimalOf(from), decimalOf(to)];
  const digits = Math.max(left.digits, right.digits);
  const a = left.numerator * 10n ** BigInt(digits - left.digits);
  const b = right.numerator * 10n ** BigInt(digits - right.digits);
  return a > b * largestMove || b > a * largestMove;
}
