/**
 * Where a key leads among the places of a chart, 0 to `last`: the arrows one further, from its edges where none
 * is chosen yet (`at` null); Home and End to the ends. Undefined for other keys.
 */
export function placeByKey(key: string, at: number | null, last: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return Math.min(last, (at ?? -1) + 1);
    case 'ArrowLeft':
      return Math.max(0, (at ?? last + 1) - 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
