/** The last so many boundaries are always kept. */
const always = 4;

/**
 * Which of `count` boundaries to keep: the last few, and farther back fewer and fewer, about four for
 * each doubling of the distance. Whether one is kept depends on its number and its distance alone, and one that is
 * kept at some distance was kept at every smaller one: so the boundaries that a long conversation keeps
 * are among those that its earlier, shorter prompts kept. Ascending, numbered from 0.
 */
export function keptBoundaries(count: number): number[] {
  const kept: number[] = [];
  for (let distance = 0; distance < count; distance++) {
    const number = count - distance;
    const step = 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, (distance + 1) / always))));
    if (number % step === 0) kept.push(number - 1);
  }
  return kept.toReversed();
}
