import type { CacheReport, CacheRow } from './cache-report.js';
import { leastTriedCalls } from './cache-settings.js';

/** The whole report in a sentence or two. */
export function summarizeCache(
  rows: readonly CacheRow[],
  totals: Pick<CacheReport, 'hit_ratio' | 'net_usd' | 'saves_usd'>,
  calls: number,
): string {
  if (calls === 0) return 'There are no calls in this window, so nothing could be cached.';
  if (rows.length === 0) return 'No call in this window has input tokens that a cache could take.';
  const { hit_ratio: hits, net_usd: net, saves_usd: saves } = totals;
  const was =
    hits === null || hits === 0
      ? 'No input was read from prompt caches'
      : `${percent(hits)} of the input was read from prompt caches${net === null ? '' : `, which ${returned(net)}`}`;
  const first = rows[0]!;
  if (Number(saves) <= 0) {
    const isJudged = rows.some(({ models }) => models.some(({ settings }) => settings.length > 0));
    return isJudged
      ? `${was}. No other setting would surely have saved more.`
      : `${was}. There are too few calls with fingerprints to say what another setting would do.`;
  }
  const advised = rows.filter(({ saves_usd: usd }) => Number(usd) > 0).length;
  const others = advised === 1 ? '' : ` in ${advised} groups`;
  return `${was}. Other settings would have saved about ${dollars(saves)} more${others}, most of it ${nameOf(first)}: ${dollars(first.saves_usd)}.`;
}

/** One group in a sentence or two. */
export function summarizeRow(row: Omit<CacheRow, 'summary'>): string {
  const { hit_ratio: hits, net_usd: net, flags, models } = row;
  const parts: string[] = [];
  if (!models.some(({ applies }) => applies)) {
    const least = Math.min(...models.map(({ minimum_tokens: tokens }) => tokens));
    parts.push(
      `Prompts are shorter on average than what the cache takes (${least.toLocaleString('en-US')} tokens).`,
    );
  } else if (hits === null || hits === 0) parts.push('Nothing is read from a cache.');
  else {
    const effect = net === null ? '' : `, which ${returned(net)}`;
    parts.push(`${percent(hits)} of the input is read from caches${effect}.`);
  }
  const advised = models.flatMap(({ advice, ...model }) =>
    advice === null ? [] : { ...model, ...advice },
  );
  const [best] = advised.toSorted((a, b) => Number(b.saves_usd) - Number(a.saves_usd));
  if (best !== undefined) {
    const range =
      best.low_usd === best.high_usd
        ? dollars(best.saves_usd)
        : `about ${dollars(best.saves_usd)} (${dollars(best.low_usd)} to ${dollars(best.high_usd)})`;
    parts.push(`${ofModel(best, models)}${best.sentence} That would have saved ${range}.`);
  } else if (flags.includes('low_hit_ratio')) {
    parts.push(whyNoAdvice(models));
  }
  return parts.join(' ');
}

/** Advice is for one model: what holds for its calls may be wrong for the others of the group. */
function ofModel(
  { provider, model, calls }: Pick<CacheRow['models'][number], 'provider' | 'model' | 'calls'>,
  models: CacheRow['models'],
): string {
  if (models.length === 1) return '';
  const all = models.reduce((sum, each) => sum + each.calls, 0);
  return `Of the calls to ${model ?? provider} (${calls.toLocaleString('en-US')} of ${all.toLocaleString('en-US')}): `;
}

function whyNoAdvice(models: CacheRow['models']): string {
  const looked = models.filter(({ gaps }) => gaps.calls >= leastTriedCalls);
  if (looked.length === 0) {
    return 'Too few calls with fingerprints to say what another setting would do.';
  }
  if (looked.every(({ rates }) => rates === null)) {
    return 'Without a known price no setting can be judged: see "farthing prices missing".';
  }
  if (looked.every(({ control }) => control === 'automatic')) {
    return 'The provider decides what it caches, and too little repeats behind what changes for another order to help.';
  }
  return 'No other setting would surely have saved more: its prompts have too little in common.';
}

function nameOf({ group }: CacheRow): string {
  const names = Object.values(group).filter((value) => value !== null);
  return names.length === 0 ? 'in calls without a name' : `in ${names.join(' ')}`;
}

function returned(net: string): string {
  return net.startsWith('-')
    ? `cost ${dollars(net.slice(1))} more than it saved`
    : `saved ${dollars(net)} after what writing cost`;
}

/** For sentences: two significant decimals; the exact amount stands beside it. */
function dollars(usd: string): string {
  const sign = usd.startsWith('-') ? '−' : '';
  const amount = Math.abs(Number(usd));
  const digits = amount >= 1 || amount === 0 ? 2 : Math.min(12, 1 - Math.floor(Math.log10(amount)));
  return `${sign}$${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: Math.max(2, digits) })}`;
}

function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}
