/** Seeded generator (mulberry32), so that every fixture run shows the same calls. */
export function seededRandom(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    integer: (low: number, high: number) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability: number) => next() < probability,
    pick: <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T,
    /** Picks by weight: `[item, weight]`. */
    weighted: <T>(items: readonly (readonly [T, number])[]): T => {
      let at = next() * items.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [item, weight] of items) {
        at -= weight;
        if (at <= 0) return item;
      }
      return items[items.length - 1]![0];
    },
    /** Log-normal around a median: how token counts really look. */
    skewed: (median: number, spread = 0.6) => {
      const gauss =
        Math.sqrt(-2 * Math.log(Math.max(next(), 1e-12))) * Math.cos(2 * Math.PI * next());
      return Math.max(1, Math.round(median * Math.exp(gauss * spread)));
    },
  };
}
export type SeededRandom = ReturnType<typeof seededRandom>;
