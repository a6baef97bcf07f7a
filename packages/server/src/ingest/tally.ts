import {
  emptyTokens,
  formatUsd,
  parseUsdRounded,
  type Entry,
  type ImportedModel,
  type ImportSummary,
  type TokenBuckets,
} from '@farthing/core';
import { CostComparer } from './cost-comparison.js';
import { OccurrenceCounter } from './record-id.js';

const keptUnreadableLines = 100;

interface ModelSums extends Omit<ImportedModel, 'cost_usd'> {
  cost: bigint;
}

/** What an import has found so far; becomes its summary. */
export class Tally {
  readonly #comparer = new CostComparer();
  readonly #models = new Map<string, ModelSums>();
  /** Calls by 64 bits of their ids. */
  readonly #seen = new OccurrenceCounter();
  readonly unreadable: ImportSummary['unreadable'] = { count: 0, lines: [] };
  readonly notes = new Set<string>();
  lines = 0;
  calls = 0;
  others = 0;
  repeated = 0;
  imported = 0;
  alreadyThere = 0;
  unfinished = 0;
  leftOut = 0;
  #first: string | null = null;
  #last: string | null = null;

  /** Whether this import has met the call before; then it is counted as repeated. */
  isRepeated(entry: Entry): boolean {
    const bytes = Buffer.from(entry.id.replaceAll('-', '').slice(-16), 'hex');
    if (bytes.length < 8 || this.#seen.next(bytes) === 0) return false;
    this.repeated++;
    return true;
  }

  add(entry: Entry, line: number): void {
    this.calls++;
    const { started_at: at } = entry;
    if (this.#first === null || at < this.#first) this.#first = at;
    if (this.#last === null || at > this.#last) this.#last = at;
    if (entry.kind === 'call') this.#comparer.add(entry, line);
    const sums = this.#sumsOf(entry);
    sums.calls += entry.kind === 'call' ? 1 : 0;
    if (entry.cost.usd === null) sums.unpriced += entry.kind === 'call' ? 1 : 0;
    else sums.cost += parseUsdRounded(entry.cost.usd);
    if (entry.usage === null) return;
    for (const kind of Object.keys(sums.tokens) as (keyof TokenBuckets)[]) {
      sums.tokens[kind] += entry.usage.tokens[kind];
    }
  }

  cannotRead(file: string, line: number, reason: string): void {
    this.unreadable.count++;
    if (this.unreadable.lines.length < keptUnreadableLines) {
      this.unreadable.lines.push({ file, line, reason });
    }
  }

  #sumsOf({ provider, model }: Entry): ModelSums {
    const key = JSON.stringify([provider, model]);
    const known = this.#models.get(key);
    if (known !== undefined) return known;
    const sums = { provider, model, calls: 0, unpriced: 0, tokens: emptyTokens(), cost: 0n };
    this.#models.set(key, sums);
    return sums;
  }

  summary(
    facts: Pick<ImportSummary, 'kind' | 'file' | 'files' | 'source' | 'dry_run'>,
  ): ImportSummary {
    const models = [...this.#models.values()].sort((a, b) =>
      a.cost === b.cost ? b.calls - a.calls : a.cost < b.cost ? 1 : -1,
    );
    return {
      ...facts,
      lines: this.lines,
      calls: this.calls,
      other_records: this.others,
      repeated: this.repeated,
      imported: this.imported,
      already_there: this.alreadyThere,
      unfinished: this.unfinished,
      left_out: this.leftOut,
      unreadable: this.unreadable,
      first_call_at: this.#first,
      last_call_at: this.#last,
      cost_usd: formatUsd(models.reduce((sum, { cost }) => sum + cost, 0n)),
      models: models.map(({ cost, ...model }) => ({ ...model, cost_usd: formatUsd(cost) })),
      comparison: this.#comparer.comparison,
      unpriced: this.#comparer.unpriced,
      notes: [...this.notes],
    };
  }
}
