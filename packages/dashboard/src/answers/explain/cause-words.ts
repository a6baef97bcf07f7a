import type { ExplainedCause } from '@farthing/core';
import { formatCount, formatShare } from '../../figures/counts.js';
import { formatDay, formatMoment } from '../../figures/times.js';

export const causeNames: Readonly<Record<ExplainedCause['kind'], string>> = {
  new: 'Began',
  gone: 'Ended',
  volume: 'Number of calls',
  routing: 'Other models',
  retries: 'Retries',
  input: 'Input length',
  output: 'Output length',
  cache: 'Cache',
  price: 'Price',
  unpriced: 'Calls without a price',
  other: 'Tools, images, fees',
  stated: 'Credits and corrections',
};

const units: Readonly<Record<NonNullable<ExplainedCause['quantity']>['unit'], string>> = {
  calls: 'calls',
  common_growth: '× calls',
  share_of_calls: 'of calls',
  attempts_per_call: 'attempts per call',
  input_tokens_per_call: 'input tokens per call',
  output_tokens_per_call: 'output tokens per call',
  cache_read_share: 'of input from cache',
  usd_per_million_tokens: '$ per million tokens',
  priced_share: 'of calls priced',
  usd_per_call: '$ per call',
};

/** `178 → 362 output tokens per call`: what of a call moved. Null where nothing of a call did. */
export function movedWords({ quantity }: Pick<ExplainedCause, 'quantity'>): string | null {
  if (quantity === null) return null;
  const { unit, before, after } = quantity;
  const isShare = unit.endsWith('share') || unit === 'share_of_calls';
  const write = (value: number | null) => {
    if (value === null) return '–';
    if (isShare) return formatShare(value);
    if (Math.abs(value) >= 100 || Number.isInteger(value)) return formatCount(value);
    return String(Number(value.toPrecision(3)));
  };
  return `${write(before)} → ${write(after)} ${units[unit]}`;
}

/** `12 Nov, 09:00`, `18 – 19 Nov`: since when, and until when if it is over. */
export function sinceWords({ onset }: Pick<ExplainedCause, 'onset'>): string | null {
  if (onset === null) return null;
  const write = onset.bucket === 'hour' ? formatMoment : formatDay;
  return onset.until === null ? write(onset.at) : `${write(onset.at)} – ${write(onset.until)}`;
}
