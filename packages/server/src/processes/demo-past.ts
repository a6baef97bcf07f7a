import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { EstimatorState } from '@farthing/core';
import { demoEntries, type DemoEntriesOptions } from './demo-entries.js';

export type DemoSources = Omit<DemoEntriesOptions, 'until' | 'days'>;

const entriesPerRequest = 2_000;

/** The demo's month of calls, drawn once, as the bodies in which it is booked. */
export class DemoPast {
  readonly #sources: DemoSources;
  #drawn: { bodies: string[]; learned: EstimatorState } | null = null;

  constructor(sources: DemoSources) {
    this.#sources = sources;
  }

  /** Entries as lines of JSON, some thousands in each body. */
  bodies(): readonly string[] {
    return this.#draw().bodies;
  }

  /** Writes down what the calls have taught, as the gateway keeps what it learns. */
  teach(path: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(this.#draw().learned)}\n`);
  }

  #draw(): { bodies: string[]; learned: EstimatorState } {
    if (this.#drawn !== null) return this.#drawn;
    const bodies: string[] = [];
    let lines: string[] = [];
    const flush = () => {
      if (lines.length > 0) bodies.push(lines.join('\n'));
      lines = [];
    };
    const entries = demoEntries({ ...this.#sources, until: Date.now() });
    for (;;) {
      const { done, value } = entries.next();
      if (done === true) {
        flush();
        this.#drawn = { bodies, learned: value };
        return this.#drawn;
      }
      lines.push(JSON.stringify(value));
      if (lines.length === entriesPerRequest) flush();
    }
  }
}

/** What an agent of the demo spent in the last 24 hours, in USD: a measure for its limit, not a sum of money. */
export function spentBy(agent: string, sources: DemoSources): number {
  let usd = 0;
  for (const { tags, cost } of demoEntries({ ...sources, until: Date.now(), days: 1 })) {
    if (tags.agent === agent) usd += Number(cost.usd ?? 0);
  }
  return usd;
}
