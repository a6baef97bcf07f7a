import { other, type SeriesKey } from './stack.js';

/** How many values get a colour of their own; the rest is `other`. */
export const seriesLimit = 8;

/**
 * Gives every value a colour slot (0 to 7) and lets it keep the slot while it is shown: a live
 * ranking may change from one refresh to the next, a colour must not.
 */
export function assignSlots(
  previous: ReadonlyMap<SeriesKey, number>,
  keys: readonly SeriesKey[],
): Map<SeriesKey, number> {
  const named = keys.filter((key) => key !== other).slice(0, seriesLimit);
  const slots = new Map<SeriesKey, number>();
  for (const key of named) {
    const slot = previous.get(key);
    if (slot !== undefined) slots.set(key, slot);
  }
  const taken = new Set(slots.values());
  const free = Array.from({ length: seriesLimit }, (_, slot) => slot).filter(
    (slot) => !taken.has(slot),
  );
  for (const key of named) if (!slots.has(key)) slots.set(key, free.shift() as number);
  return slots;
}

/** The CSS colour of a slot; `other` and whatever has none is grey. */
export const slotColour = (slot: number | undefined): string =>
  slot === undefined ? 'var(--series-other)' : `var(--series-${slot + 1})`;
