/** What a new template version does to cost. */
export interface TemplateEffect {
  template: string;
  /** First call with it, milliseconds since 1970. */
  since: number;
  /** Calls with it until it was sure. */
  calls: number;
  /** How many times the cost of before (a geometric mean). */
  factor: number;
}

/** Wald's test of one new version. */
interface OpenTest {
  since: number;
  ratio: number;
  calls: number;
  sum: number;
}

/** What is known between calls. */
export interface SwitchState {
  known: string[];
  open: [template: string, test: OpenTest][];
}

/** Chance of blaming a version that changes nothing, and of missing one that does (A. Wald, 1945). */
const falseAlarm = 1e-3;
const miss = 0.1;
const upper = Math.log((1 - miss) / falseAlarm);
const lower = Math.log(miss / (1 - falseAlarm));
/** The least that counts as dearer, in standard deviations of the logarithm of cost. */
const dearer = 0.5;
/** And as a factor: what is sure and small is not worth a word. */
const leastFactor = Math.log(1.15);
/** Neither is proved after so many calls: it is nothing much. */
const mostCalls = 2_000;
const mostTemplates = 64;

/**
 * Judges a new version of a template by its own calls: when it came is known, so that no change has to be
 * searched for, and one sequential probability ratio test from its first call on is enough.
 */
export class TemplateSwitch {
  readonly #known: Set<string>;
  readonly #open: Map<string, OpenTest>;

  constructor(state?: SwitchState) {
    this.#known = new Set(state?.known);
    this.#open = new Map(state?.open.map(([template, test]) => [template, { ...test }]));
  }

  toJSON(): SwitchState {
    return {
      known: [...this.#known],
      open: [...this.#open].map(([template, test]) => [template, { ...test }]),
    };
  }

  /** A template that was there before anything can be compared. */
  learn(template: string): void {
    if (this.#known.has(template)) return;
    if (this.#known.size >= mostTemplates) {
      const oldest = this.#known.values().next().value!;
      this.#known.delete(oldest);
      this.#open.delete(oldest);
    }
    this.#known.add(template);
  }

  /**
   * Adds a call.
   *
   * @param score of its cost among those of the group's reference, standard normal.
   * @param excess of the logarithm of its cost over the reference's mean.
   */
  observe(
    template: string,
    score: number,
    excess: number,
    at: number,
    judged = true,
  ): TemplateEffect | null {
    if (!this.#known.has(template)) {
      // The first there ever is replaces nothing.
      const replaces = this.#known.size > 0 && judged;
      this.learn(template);
      if (replaces) this.#open.set(template, { since: at, ratio: 0, calls: 0, sum: 0 });
    }
    const test = this.#open.get(template);
    if (test === undefined || !judged) return null;
    test.ratio += dearer * score - dearer ** 2 / 2;
    test.calls += 1;
    test.sum += excess;
    if (test.ratio > lower && test.ratio < upper && test.calls < mostCalls) return null;
    this.#open.delete(template);
    const mean = test.sum / test.calls;
    if (test.ratio < upper || mean < leastFactor) return null;
    return { template, since: test.since, calls: test.calls, factor: Math.exp(mean) };
  }
}
