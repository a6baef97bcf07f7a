/** A spike is what is above so many times the second largest of the steps around it. */
const spikeFactor = 2;

/** How many seasons are "around" a step, on either side. */
const reach = 2;

/**
 * The values with single spikes cut down to twice the second largest of the other steps within two
 * seasons. One wrong price carries no forecast, and neither do two; three high steps are no spikes but
 * a new level, and stay. Where too little else is around to compare with, nothing is cut.
 */
export function clipSpikes(values: readonly number[], season: number): number[] {
  return values.map((value, index) => Math.min(value, highestAt(values, index, reach * season)));
}

/** What a step may be at most without being a spike; infinite where nothing tells. */
function highestAt(values: readonly number[], index: number, around: number): number {
  let [first, second] = [0, 0];
  const end = Math.min(values.length, index + around + 1);
  for (let other = Math.max(0, index - around); other < end; other++) {
    if (other === index) continue;
    const neighbour = values[other]!;
    if (neighbour > first) [first, second] = [neighbour, first];
    else if (neighbour > second) second = neighbour;
  }
  return second > 0 ? spikeFactor * second : Number.POSITIVE_INFINITY;
}

/** The same of the step that runs: at what it would come to, if it went on like this. */
export function clipRunning(
  values: readonly number[],
  season: number,
  running: { value: number; elapsed: number },
): { value: number; elapsed: number } {
  if (running.elapsed <= 0) return running;
  const whole = [...values.slice(-reach * season), running.value / running.elapsed];
  const most = highestAt(whole, whole.length - 1, reach * season);
  return { ...running, value: Math.min(running.value, most * running.elapsed) };
}
