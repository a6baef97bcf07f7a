import type { Outlier, OutlierCause } from '@farthing/core';
import { plural } from '../../figures/counts.js';

const names: Readonly<Record<OutlierCause['cause'], string>> = {
  prompt_grew: 'Prompt grew',
  tool_returned_too_much: 'Tool returned too much',
  loop_ran_on: 'Loop ran on',
  cache_miss: 'Cache miss',
  cache_write: 'Cache write',
  longer_output: 'Longer output',
  more_reasoning: 'More reasoning',
  bigger_model: 'Bigger model',
  price: 'Price',
  stated_cost: 'Stated cost',
  units: 'Searches, images',
};

/** `Prompt grew: history`. Of what is named by its source already, the source is left out. */
export const causeName = ({ cause, source }: Pick<OutlierCause, 'cause' | 'source'>): string =>
  cause === 'prompt_grew' && source !== null ? `${names[cause]}: ${source}` : names[cause];

/** Whom a call is held against: `243 calls of meeting-notes on gpt-5`. */
export function peerWords({ level, feature, model, calls }: Outlier['peers']): string {
  const count = plural(calls, 'call');
  if (level === 'all') return `all ${count}`;
  const name = feature ?? 'no feature';
  return level === 'feature'
    ? `${count} of ${name}`
    : `${count} of ${name} on ${model ?? 'no model'}`;
}

/** Causes whose part can be seen: what rounds to nothing of the excess is left to the sum of the others. */
export const tellingCauses = (causes: readonly OutlierCause[]): OutlierCause[] =>
  causes.filter(({ share }) => share === null || Math.abs(share) >= 0.005);
