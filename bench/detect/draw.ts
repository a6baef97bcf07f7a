import { seededRandom } from '../ledger/random.js';

/** Draws from the distributions that traffic is made of; the same seed gives the same draws everywhere. */
export class Draw {
  readonly #random: () => number;
  #spare: number | null = null;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  uniform(low = 0, high = 1): number {
    return low + (high - low) * this.#random();
  }

  /** Box and Muller's polar method. */
  normal(mean = 0, deviation = 1): number {
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      return mean + deviation * spare;
    }
    for (;;) {
      const x = this.uniform(-1, 1);
      const y = this.uniform(-1, 1);
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = y * factor;
      return mean + deviation * x * factor;
    }
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.#random());
  }

  /** Knuth's product of uniforms; by normal approximation from 60 on. */
  poisson(mean: number): number {
    if (mean <= 0) return 0;
    if (mean > 60) return Math.max(0, Math.round(this.normal(mean, Math.sqrt(mean))));
    const limit = Math.exp(-mean);
    let product = this.#random();
    let count = 0;
    while (product > limit) {
      product *= this.#random();
      count += 1;
    }
    return count;
  }

  choice<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#random() * items.length)]!;
  }
}
