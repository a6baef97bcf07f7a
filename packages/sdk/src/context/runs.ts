import { formatUsd, parseUsd, type Entry, type Tags } from '@farthing/core';
import { mergeTags } from './merge-tags.js';

/** What a run has come to so far, in this process. */
export interface RunSummary {
  run: string;
  calls: number;
  errors: number;
  /** Decimal USD of the calls whose cost is known. */
  cost_usd: string;
  /** Calls whose cost is not known: the sum is a lower bound where there are some. */
  unpriced_calls: number;
  started_at: string;
  duration_ms: number;
}

/**
 * Tags of a run that begins within another: how deep it stands, for the guard of runs. An agent that calls
 * itself is seen by that.
 * @internal
 */
export function nestingTags(parent: OpenRun | null): Tags {
  if (parent === null) return {};
  const depth = Number(parent.tags.custom?.[depthTag] ?? 0);
  return { custom: { [depthTag]: String(Number.isSafeInteger(depth) ? depth + 1 : 1) } };
}

/** The custom tag that says so; over HTTP `x-farthing-depth`. */
const depthTag = 'depth';

/**
 * A run under way: its annotations, and what its calls came to.
 * @internal
 */
export class OpenRun {
  readonly id: string;
  readonly tags: Tags;
  #annotations: Tags = {};
  #calls = 0;
  #errors = 0;
  #unpriced = 0;
  #cost = 0n;
  readonly #startedAt: number;

  constructor(id: string, tags: Tags, startedAt: number) {
    this.id = id;
    this.tags = tags;
    this.#startedAt = startedAt;
  }

  /** Tags that were added since the run began; calls that leave from then on carry them. */
  get annotations(): Tags {
    return this.#annotations;
  }

  annotate(tags: Tags): void {
    this.#annotations = mergeTags(this.#annotations, tags);
  }

  count({ outcome, cost }: Entry): void {
    this.#calls++;
    if (outcome === 'error' || outcome === 'interrupted') this.#errors++;
    if (cost.usd === null) this.#unpriced++;
    else this.#cost += parseUsd(cost.usd);
  }

  /** Everything that a record of the run says who it was for. */
  get allTags(): Tags {
    return mergeTags(this.tags, this.#annotations);
  }

  summary(now: number): RunSummary {
    return {
      run: this.id,
      calls: this.#calls,
      errors: this.#errors,
      cost_usd: formatUsd(this.#cost),
      unpriced_calls: this.#unpriced,
      started_at: new Date(this.#startedAt).toISOString(),
      duration_ms: Math.max(0, now - this.#startedAt),
    };
  }
}
