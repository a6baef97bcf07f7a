import type { Dimension } from '@farthing/core';
import { useState } from 'react';
import { assignSlots, slotColour } from '../chart/palette.js';
import type { SeriesKey } from '../chart/stack.js';

/** Colours of a dimension's values that stay the same while the values are on screen. */
export function useColours(dimension: Dimension, keys: readonly SeriesKey[]) {
  const [kept, setKept] = useState({ dimension, keys, slots: assignSlots(new Map(), keys) });
  let current = kept;
  const same =
    kept.dimension === dimension &&
    kept.keys.length === keys.length &&
    kept.keys.every((key, index) => key === keys[index]);
  if (!same) {
    const before = kept.dimension === dimension ? kept.slots : new Map<SeriesKey, number>();
    current = { dimension, keys, slots: assignSlots(before, keys) };
    setKept(current);
  }
  return (key: SeriesKey): string => slotColour(current.slots.get(key));
}
