import { shareOfCost } from '../answer/frame.js';
import { formatUsd, type Picodollars } from '../money.js';
import type { ModelName } from '../pricing/model-prices.js';
import type { Cell } from './gather-cells.js';
import type { RepricedCell } from './reprice-cell.js';
import type { WhatIfFigures, WhatIfRow } from './what-if.js';

/** Sums over cells. */
export class Tally {
  #calls = 0;
  #actual = 0n;
  #low = 0n;
  #expected = 0n;
  #high = 0n;
  #exact = true;
  readonly #models = new Map<string, ModelName>();
  readonly #targets = new Map<string, ModelName>();
  recomputed = 0n;
  output = 0n;
  /** Spent at other than ordinary rates. */
  otherRates = 0n;

  add({ source, usage }: Cell, outcome: RepricedCell): void {
    const { actual, recomputed, repriced, output, target, exact, fees } = outcome;
    this.#calls += usage.calls;
    this.#actual += actual;
    this.#low += repriced.low;
    this.#expected += repriced.expected;
    this.#high += repriced.high;
    this.#exact &&= exact;
    this.recomputed += recomputed === null ? actual : recomputed + fees;
    this.output += output;
    if (recomputed !== null && recomputed !== actual - fees) this.otherRates += actual;
    this.#models.set(`${source.provider}/${source.model}`, source);
    this.#targets.set(`${target.provider}/${target.model}`, target);
  }

  get saved(): Picodollars {
    return this.#actual - this.#expected;
  }

  figures(): WhatIfFigures {
    return {
      calls: this.#calls,
      actual_usd: formatUsd(this.#actual),
      repriced_usd: {
        low: formatUsd(this.#low),
        expected: formatUsd(this.#expected),
        high: formatUsd(this.#high),
      },
      savings_usd: {
        low: formatUsd(this.#actual - this.#high),
        expected: formatUsd(this.saved),
        high: formatUsd(this.#actual - this.#low),
      },
      savings_share: shareOfCost(Number(this.saved), Number(this.#actual)),
    };
  }

  row(): Omit<WhatIfRow, 'group'> {
    return {
      ...this.figures(),
      models: [...this.#models.values()],
      targets: [...this.#targets.values()],
      exact: this.#exact,
    };
  }
}
