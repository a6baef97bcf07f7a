import { isRowDrifted, type CallRow } from '@farthing/core';

export interface DriftLogOptions {
  /** Calls whose cost lies further from their estimate have drifted: 0.3 is 30 %. */
  threshold: number;
  /** A feature gets one line in this time at most. */
  everyMilliseconds: number;
  log: { warn(fields: Record<string, unknown>, message: string): void };
  /** Milliseconds since 1970. */
  now?: () => number;
}

interface Waiting {
  /** When the feature's last line was written. */
  loggedAt: number;
  /** Drifted since then. */
  calls: number;
  furthest: CallRow | null;
}

const mostFeatures = 1_000;
const others = '(other features)';

/**
 * Logs COST_DRIFT for calls whose cost lies far from their estimate (requirement R18), in the control plane
 * when they are booked: the first of a feature at once, the following ones counted in one line per
 * interval, with both costs of the call that is furthest off.
 */
export class DriftLog {
  readonly #options: DriftLogOptions;
  readonly #now: () => number;
  readonly #features = new Map<string | null, Waiting>();

  constructor(options: DriftLogOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  booked(rows: readonly CallRow[]): void {
    const drifted = new Set<string | null>();
    for (const row of rows) {
      if (!isRowDrifted(row, this.#options.threshold)) continue;
      const feature = this.#known(row.tags.feature ?? null);
      const waiting = this.#features.get(feature)!;
      waiting.calls += 1;
      if (offBy(row) > offBy(waiting.furthest)) waiting.furthest = row;
      drifted.add(feature);
    }
    if (drifted.size > 0) this.#write(drifted);
  }

  /** Writes what waits and is due; to be called from time to time, so that the last calls are told too. */
  flush(): void {
    this.#write(this.#features.keys());
  }

  #write(features: Iterable<string | null>): void {
    const { everyMilliseconds, log, threshold } = this.#options;
    const now = this.#now();
    for (const feature of features) {
      const waiting = this.#features.get(feature)!;
      const { furthest, calls } = waiting;
      if (furthest === null || now - waiting.loggedAt < everyMilliseconds) continue;
      const { estimated_usd, cost_usd, cost_drift, id, model, tags } = furthest;
      log.warn(
        {
          feature,
          calls,
          estimated_usd,
          cost_usd,
          cost_drift,
          call: id,
          model,
          template_version: tags.template_version,
          threshold,
        },
        'COST_DRIFT',
      );
      this.#features.set(feature, { loggedAt: now, calls: 0, furthest: null });
    }
  }

  #known(feature: string | null): string | null {
    if (this.#features.has(feature)) return feature;
    const name = this.#features.size < mostFeatures ? feature : others;
    if (!this.#features.has(name)) {
      this.#features.set(name, { loggedAt: Number.NEGATIVE_INFINITY, calls: 0, furthest: null });
    }
    return name;
  }
}

function offBy(row: CallRow | null): number {
  return row === null ? -1 : Math.abs(row.cost_drift ?? 0);
}
