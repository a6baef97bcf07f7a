import type { Dimension } from '@farthing/core';
import { valueLabel } from '../view/dimensions.js';

/** A group in a reader's words: `research-agent · v4`. */
export function groupWords(group: Readonly<Record<string, string | null>>): string {
  const entries = Object.entries(group);
  if (entries.every(([, value]) => value === null)) {
    const [first] = entries;
    return first === undefined ? 'All calls' : valueLabel(first[0] as Dimension, null);
  }
  return entries.map(([name, value]) => valueLabel(name as Dimension, value)).join(' · ');
}
