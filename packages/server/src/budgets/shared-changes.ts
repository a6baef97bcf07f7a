import type { BudgetChange } from '@farthing/core';
import type { RedisLink } from '@farthing/redis';

export interface SharedChangesOptions {
  link: RedisLink;
  keyPrefix: string;
  /** The changes that stand in this data directory. */
  local: () => readonly BudgetChange[];
  /** Adds one that was made elsewhere. */
  append: (change: BudgetChange) => void;
}

/**
 * Carries changes of budgets between the data directories of gateways that share them: whoever raises
 * a budget on one machine has raised it on all. Every change has an id and is a line once, wherever it
 * was made; which one is later is said by the time it was recorded at.
 */
export class SharedChanges {
  readonly #options: SharedChangesOptions;
  readonly #key: string;
  readonly #known = new Set<string>();

  constructor(options: SharedChangesOptions) {
    this.#options = options;
    this.#key = `${options.keyPrefix}:changes`;
  }

  /** Hands over what is new here, and takes what is new elsewhere. About once a second. */
  async exchange(): Promise<void> {
    const { link, local, append } = this.#options;
    if (!link.isReady) return;
    // Redis has lost what it was told.
    if ((await link.countFields(this.#key)) < this.#known.size) this.#known.clear();
    for (const change of local()) {
      if (this.#known.has(change.id)) continue;
      await link.setFieldOnce(this.#key, change.id, JSON.stringify(change));
      this.#known.add(change.id);
    }
    if ((await link.countFields(this.#key)) === this.#known.size) return;
    const all = Object.values(await link.fields(this.#key))
      .map((text) => JSON.parse(text) as BudgetChange)
      .toSorted((a, b) => a.recorded_at.localeCompare(b.recorded_at));
    for (const change of all) {
      if (this.#known.has(change.id)) continue;
      this.#known.add(change.id);
      append(change);
    }
  }
}
