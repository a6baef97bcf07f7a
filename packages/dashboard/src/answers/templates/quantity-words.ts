import type { QuantityChange, TemplateQuantity, TemplateRow } from '@farthing/core';
import { formatCount, formatShare } from '../../figures/counts.js';
import { formatUsd } from '../../money/usd.js';

export const quantityNames: Readonly<Record<TemplateQuantity, string>> = {
  cost_per_call: 'Cost per call',
  input_tokens_per_call: 'Input tokens per call',
  output_tokens_per_call: 'Output tokens per call',
  output_input_ratio: 'Output for each input token',
  cache_hit_ratio: 'Input from cache',
  error_rate: 'Calls that failed',
};

/** A quantity in its unit; `–` where there is nothing to measure. */
export function quantityText(quantity: TemplateQuantity, value: number | null): string {
  if (value === null) return '–';
  switch (quantity) {
    case 'cost_per_call':
      return formatUsd(value.toFixed(12));
    case 'input_tokens_per_call':
    case 'output_tokens_per_call':
      return formatCount(value);
    case 'output_input_ratio':
      return value.toFixed(2);
    case 'cache_hit_ratio':
    case 'error_rate':
      return formatShare(value);
  }
}

/** Whether what moved beyond noise moved for the better; null where nothing did. */
export function isBetter(quantity: TemplateQuantity, { verdict }: QuantityChange): boolean | null {
  if (verdict !== 'more' && verdict !== 'less') return null;
  return verdict === (quantity === 'cache_hit_ratio' ? 'more' : 'less');
}

/** How sure the comparison of a version with the one before it is. */
export function confidenceOf({ quantities }: Pick<TemplateRow, 'quantities'>): {
  text: string;
  why: string;
  isSure: boolean;
} {
  const verdicts = Object.values(quantities).map(({ verdict }) => verdict);
  if (verdicts.every((verdict) => verdict === 'not_judged'))
    return {
      text: 'too few calls to tell',
      why: 'A comparison takes 30 calls of each version, in six hours or days at least.',
      isSure: false,
    };
  if (verdicts.some((verdict) => verdict === 'more' || verdict === 'less'))
    return {
      text: 'beyond noise',
      why: 'What is marked differs by more than chance explains, with 99.9 % confidence.',
      isSure: true,
    };
  return {
    text: 'within noise',
    why: 'No difference is larger than chance explains, with 99.9 % confidence, or it is below 5 %.',
    isSure: true,
  };
}
