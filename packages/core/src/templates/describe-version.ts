import { describeMoney } from '../explain/describe-money.js';
import { parseUsd } from '../money.js';
import type { QuantityChange } from './compare-quantity.js';
import { leadingChange, type TemplateOrder } from './order-versions.js';
import type { TemplateQuantity } from './quantities.js';
import type { TemplateRow } from './templates-report.js';

/** The answer in one sentence: the worst change of the window. */
export function describeTemplates(rows: readonly TemplateRow[], order: TemplateOrder): string {
  if (rows.length === 0) return 'There are no calls in this window.';
  const changes = rows.filter((row) => row.is_change);
  const [worst] = changes;
  if (worst === undefined) {
    return 'No template version came into use in this window after another one.';
  }
  const { verdict } = leadingChange(worst, order);
  const isWorse = verdict === (order === 'cache' ? 'less' : 'more');
  const count = `${changes.length} template ${changes.length === 1 ? 'version' : 'versions'} came into use`;
  return isWorse ? worst.summary : `${count}, none with more ${nouns[order]} beyond noise.`;
}

const nouns: Readonly<Record<TemplateOrder, string>> = {
  cost: 'cost per call',
  input: 'input tokens',
  output: 'output tokens',
  ratio: 'output for its input',
  cache: 'lost cache hits',
  errors: 'errors',
};

/** A version's row: `search` went from v6 to v7 on 14 Nov 09:00 UTC: 2.1 × the output tokens (210 → 441), … */
export function describeVersion(row: Omit<TemplateRow, 'summary'>): string {
  const feature = row.feature === null ? 'What has no feature' : `\`${row.feature}\``;
  const name = nameVersion(row.template_version);
  if (row.previous_version === undefined) {
    return `${feature} uses ${name}; there is no earlier version here to compare it with.`;
  }
  const previous = nameVersion(row.previous_version);
  const judged = Object.entries(row.quantities) as [TemplateQuantity, QuantityChange][];
  const moved = judged
    .filter(([, { verdict }]) => verdict === 'more' || verdict === 'less')
    .toSorted(([, a], [, b]) => distance(b) - distance(a))
    // The ratio of the lengths says nothing that the lengths have not said.
    .filter(([quantity]) => quantity !== 'output_input_ratio')
    .map(([quantity, change]) => phrase(quantity, change));
  const when = row.switch === null ? '' : switchText(row);
  const isUnjudged = judged.every(([, { verdict }]) => verdict === 'not_judged');
  const what = isUnjudged
    ? 'too few calls to tell what changed'
    : moved.length === 0
      ? 'nothing changed beyond noise'
      : moved.join(', ');
  return `${feature} went from ${previous} to ${name}${when}: ${what}${extraText(row, moved.length > 0)}.`;
}

export function nameVersion(template: string | null): string {
  return template ?? 'calls without a template version';
}

function switchText({ switch: change }: Omit<TemplateRow, 'summary'>): string {
  if (change === null) return '';
  const { first_call_at: first, took_over_at: tookOver } = change;
  if (tookOver === null) return ` for a part of its calls, from ${time(first)}`;
  return ` on ${time(tookOver)}`;
}

function extraText({ extra_usd: extra }: Omit<TemplateRow, 'summary'>, isTold: boolean): string {
  if (extra === null || !isTold) return '';
  const amount = parseUsd(extra);
  if (amount === 0n) return '';
  const size = describeMoney(amount < 0n ? -amount : amount);
  return `; its calls in this window cost ${size} ${amount > 0n ? 'more' : 'less'} for it`;
}

const words: Readonly<Record<TemplateQuantity, string>> = {
  cost_per_call: 'cost per call',
  input_tokens_per_call: 'input tokens',
  output_tokens_per_call: 'output tokens',
  output_input_ratio: 'output for its input',
  cache_hit_ratio: 'cache hits',
  error_rate: 'errors',
};

function phrase(quantity: TemplateQuantity, { before, after, ratio }: QuantityChange): string {
  const times = ratio ?? 1;
  const percent = Math.round(Math.abs(times - 1) * 100);
  const shown = (value: number | null) => display(quantity, value ?? 0);
  const word = words[quantity];
  const size =
    times >= 1.95
      ? `${times.toFixed(1)} × the ${word}`
      : quantity === 'cost_per_call'
        ? `${word} ${times > 1 ? '+' : '−'}${percent} %`
        : `${percent} % ${times > 1 ? 'more' : 'fewer'} ${word}`;
  return `${size} (${shown(before)} → ${shown(after)})`;
}

function display(quantity: TemplateQuantity, value: number): string {
  if (quantity === 'cost_per_call') return describeMoney(BigInt(Math.round(value * 1e12)));
  if (quantity === 'cache_hit_ratio' || quantity === 'error_rate') {
    return `${(value * 100).toFixed(1)} %`;
  }
  return Math.round(value).toLocaleString('en-US');
}

function distance({ ratio }: QuantityChange): number {
  return ratio === null || ratio <= 0 ? Infinity : Math.abs(Math.log(ratio));
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function time(at: string): string {
  const day = `${Number(at.slice(8, 10))} ${months[Number(at.slice(5, 7)) - 1]}`;
  return `${day} ${at.slice(11, 16)} UTC`;
}
