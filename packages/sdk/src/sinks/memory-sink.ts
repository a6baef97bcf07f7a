import type { Entry } from '@farthing/core';
import { settleAll } from './settle.js';
import { noCounts, type Sink } from './sink.js';

export interface MemorySink extends Sink {
  /** The latest entries, oldest first. */
  readonly entries: readonly Entry[];
  clear(): void;
}

/**
 * Keeps the latest entries in memory: for tests, and for applications that show their own spend.
 * @param options.limit entries that are kept at most; older ones are dropped and counted. Default 10,000.
 */
export function memorySink({ limit = 10_000 }: { limit?: number } = {}): MemorySink {
  let entries: Entry[] = [];
  const report = noCounts();
  return {
    name: 'memory',
    inBatches: true,
    get report() {
      settleAll();
      return report;
    },
    get entries() {
      settleAll();
      return entries;
    },
    clear() {
      settleAll();
      entries = [];
    },
    write(entry) {
      report.written++;
      report.delivered++;
      entries.push(entry);
      // Trimmed in bulk: moving all of them for each new one would cost more than the call.
      if (entries.length >= limit * 2) trim();
    },
    flush: () => Promise.resolve(trim()),
    close: () => Promise.resolve(),
  };

  function trim(): void {
    const excess = entries.length - limit;
    if (excess <= 0) return;
    entries = entries.slice(excess);
    report.dropped += excess;
    report.delivered -= excess;
  }
}
