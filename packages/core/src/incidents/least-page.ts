import { describeMoney } from '../explain/describe-money.js';
import { formatUsd, parseUsd, type Picodollars } from '../money.js';
import type { BelowLeastPage, IncidentCause } from './incident.js';
import type { Excess } from './incident-size.js';
import type { Signal } from './signal.js';

/** When an incident becomes a page: `by_size`, once it costs enough above normal. */
export type Paging = 'never' | 'by_size' | 'always';

/**
 * What these cost above normal is what is wrong with them. The others say what no such amount measures:
 * that something fails, that an estimate is off, that a budget ends, what a rule or a limit of runs was set to say.
 */
const measuredByMoney: ReadonlySet<IncidentCause> = new Set([
  'cost',
  'input',
  'output',
  'unit_price',
  'cache',
  'template',
  'creep',
  'run',
]);

export function pagingOf({
  cause,
  mode,
  isConfigured = false,
}: Pick<Signal, 'cause' | 'mode' | 'isConfigured'>): Paging {
  if (mode !== 'page') return 'never';
  if (isConfigured) return 'always';
  return measuredByMoney.has(cause) ? 'by_size' : 'always';
}

/** Of two things that were found in one incident, the one that pages sooner. */
export function soonerPaging(a: Paging, b: Paging): Paging {
  if (a === 'always' || b === 'always') return 'always';
  return a === 'by_size' || b === 'by_size' ? 'by_size' : 'never';
}

/**
 * Compares what an incident costs above normal, so far and within the next day, with the least that pages.
 * Null where it is as much, or is not known: what has no price may cost anything.
 */
export function belowLeastPage(excess: Excess | null, least: Picodollars): BelowLeastPage | null {
  if (least <= 0n || excess === null || !excess.isWhole || excess.byNextDay >= least) return null;
  const size = excess.byNextDay < 0n ? 0n : excess.byNextDay;
  return { size_usd: formatUsd(size), least_usd: formatUsd(least) };
}

/** Why nobody is paged, as a sentence; empty where somebody is, or would not be anyhow. */
export function describeBelowLeastPage(below: BelowLeastPage | null): string {
  if (below === null) return '';
  const [size, least] = [below.size_usd, below.least_usd].map((usd) =>
    describeMoney(parseUsd(usd)),
  );
  return `Below the least size for pages: ${size} so far and within the next day, of ${least}.`;
}
