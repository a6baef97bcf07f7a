import type { JournalPosition, SourcedEntry, Store } from '../store/store.js';

const mostIds = 5_000;

/** Those of the lines that are the ones in the books: what came into the journals twice is booked once. */
export async function bookedLines(
  store: Pick<Store, 'locate'>,
  lines: readonly SourcedEntry[],
): Promise<SourcedEntry[]> {
  const found: SourcedEntry[] = [];
  for (let start = 0; start < lines.length; start += mostIds) {
    const part = lines.slice(start, start + mostIds);
    const located = await store.locate(part.map(({ entry }) => entry.id));
    for (const sourced of part) {
      const place = located.get(sourced.entry.id);
      if (place !== undefined && isSamePlace(place, sourced.position)) found.push(sourced);
    }
  }
  return found;
}

function isSamePlace(a: JournalPosition, b: JournalPosition): boolean {
  return a.journal === b.journal && a.segment === b.segment && a.offset === b.offset;
}

/** Whether a reader that stands at `reached` has read what lies before `position`. */
export function hasReached(
  reached: JournalPosition | undefined,
  position: JournalPosition,
): boolean {
  if (reached === undefined) return false;
  if (reached.segment !== position.segment) return reached.segment > position.segment;
  return reached.offset >= position.offset;
}
