/** A score and the number of the value that it belongs to. */
export type Peak = [index: number, score: number];

/** What is known between values. */
export interface EpisodesState {
  values: number;
  peaks: Peak[];
}

/** An episode lasts a tenth of what is known of the series, and at least so many values. */
const share = 0.1;
const least = 100;

/**
 * Lets a score through when it is the highest of its episode so far: what is strange for hours is told when it
 * begins and when it becomes worse, and not with every value.
 */
export class Episodes {
  #values: number;
  /** Scores of the episode that none after them exceeds: the first is the highest. */
  readonly #peaks: Peak[];

  constructor(state?: EpisodesState) {
    this.#values = state?.values ?? 0;
    this.#peaks = (state?.peaks ?? []).map(([index, score]) => [index, score]);
  }

  toJSON(): EpisodesState {
    return { values: this.#values, peaks: this.#peaks.map(([index, score]) => [index, score]) };
  }

  /** Adds a value's score; returns it, or 0 where the episode has had one as high. */
  add(score: number): number {
    const index = this.#values++;
    const from = index - Math.max(least, share * index);
    while (this.#peaks.length > 0 && this.#peaks[0]![0] <= from) this.#peaks.shift();
    const highest = this.#peaks[0]?.[1] ?? -1;
    while (this.#peaks.length > 0 && this.#peaks.at(-1)![1] <= score) this.#peaks.pop();
    this.#peaks.push([index, score]);
    return score > highest ? score : 0;
  }
}
