import { parseUsd, picodollarsPerUsd, type CallRow } from '@farthing/core';
import { Counter, Gauge, Registry } from 'prom-client';
import type { LedgerView } from './ports.js';

/** Values beyond these many share the label `other`: callers choose them, and labels must not grow without bound. */
const featureLimit = 100;
const modelLimit = 500;

type Labels = { provider: string; model: string; feature: string };

/** What one label set has summed up. Money stays in picodollars until it is scraped. */
interface Sums {
  labels: Labels;
  cost: bigint;
  unpriced: number;
  unattributed: number;
  tokens: Map<string, number>;
  outcomes: Map<string, number>;
}

const labelNames = ['provider', 'model', 'feature'] as const;

/**
 * The control plane's Prometheus metrics: what was booked since this process started, which is what
 * `rate()` and `increase()` expect of a counter. Calls without a feature have `feature=""`.
 * Adjusting entries are left out, because a counter never goes down; the API's totals include them.
 */
export class ControlPlaneMetrics {
  readonly registry = new Registry();
  readonly #sums = new Map<string, Sums>();
  readonly #features = new CappedLabel(featureLimit);
  readonly #models = new CappedLabel(modelLimit);

  constructor() {
    const sums = this.#sums;
    this.#counter(
      'farthing_cost_usd_total',
      'Cost of booked calls in USD; unpriced calls add nothing.',
      [],
      (counter) => {
        for (const sum of sums.values()) {
          counter.inc(sum.labels, Number(sum.cost) / Number(picodollarsPerUsd));
        }
      },
    );
    this.#counter(
      'farthing_tokens_total',
      'Tokens of booked calls by disjoint bucket; output includes reasoning.',
      ['type'],
      (counter) => {
        for (const sum of sums.values()) {
          for (const [type, tokens] of sum.tokens) counter.inc({ ...sum.labels, type }, tokens);
        }
      },
    );
    this.#counter('farthing_calls_total', 'Booked calls.', ['outcome'], (counter) => {
      for (const sum of sums.values()) {
        for (const [outcome, calls] of sum.outcomes) counter.inc({ ...sum.labels, outcome }, calls);
      }
    });
    this.#counter(
      'farthing_unpriced_calls_total',
      'Booked calls whose cost is unknown.',
      [],
      (counter) => {
        for (const sum of sums.values()) counter.inc(sum.labels, sum.unpriced);
      },
    );
    this.#counter(
      'farthing_unattributed_calls_total',
      'Booked calls without a feature.',
      [],
      (counter) => {
        for (const sum of sums.values()) counter.inc(sum.labels, sum.unattributed);
      },
    );
  }

  /** Counts calls that the store has booked. */
  record(rows: readonly CallRow[]): void {
    for (const row of rows) if (row.kind === 'call') this.#add(row);
  }

  /** Adds the ledger's lag, read when Prometheus asks. */
  watchLedger(ledger: LedgerView): void {
    const gauge = (name: string, help: string, read: (status: Status) => number) =>
      new Gauge({
        name,
        help,
        registers: [this.registry],
        async collect() {
          this.set(read(await ledger.status()));
        },
      });
    type Status = Awaited<ReturnType<LedgerView['status']>>;
    gauge(
      'farthing_ledger_lag_bytes',
      'Journal bytes not yet booked.',
      (status) => status.lag.bytes,
    );
    gauge(
      'farthing_ledger_lag_seconds',
      'Age of the oldest journal line not yet booked; 0 when caught up.',
      (status) => (status.lag.oldest_ms ?? 0) / 1000,
    );
    gauge('farthing_journal_unreadable_lines', 'Journal lines that cannot be read.', (status) =>
      status.journals.reduce((sum, journal) => sum + journal.unreadable_lines, 0),
    );
  }

  #counter(
    name: string,
    help: string,
    further: string[],
    fill: (counter: Counter) => void,
  ): Counter {
    return new Counter({
      name,
      help,
      labelNames: [...labelNames, ...further],
      registers: [this.registry],
      collect() {
        this.reset();
        fill(this);
      },
    });
  }

  #add(row: CallRow): void {
    const sums = this.#sumsOf(row);
    sums.outcomes.set(row.outcome, (sums.outcomes.get(row.outcome) ?? 0) + 1);
    if (row.cost_usd !== null) sums.cost += parseUsd(row.cost_usd);
    else if (row.outcome !== 'unmetered' && row.cost_status !== 'not_billed') sums.unpriced++;
    if (row.tags.feature === undefined) sums.unattributed++;
    if (row.tokens === null) return;
    const { reasoning: _, ...buckets } = row.tokens;
    for (const [type, tokens] of Object.entries(buckets)) {
      if (tokens > 0) sums.tokens.set(type, (sums.tokens.get(type) ?? 0) + tokens);
    }
  }

  #sumsOf(row: CallRow): Sums {
    const labels: Labels = {
      provider: row.provider,
      model: this.#models.label(row.model),
      feature: this.#features.label(row.tags.feature),
    };
    const key = JSON.stringify(labels);
    let sums = this.#sums.get(key);
    if (sums === undefined) {
      sums = {
        labels,
        cost: 0n,
        unpriced: 0,
        unattributed: 0,
        tokens: new Map(),
        outcomes: new Map(),
      };
      this.#sums.set(key, sums);
    }
    return sums;
  }
}

/** First come, first named: a value keeps its label for as long as the process lives. */
class CappedLabel {
  readonly #known = new Set<string>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  label(value: string | null | undefined): string {
    if (value == null) return '';
    if (this.#known.has(value)) return value;
    if (this.#known.size >= this.#limit) return 'other';
    this.#known.add(value);
    return value;
  }
}
