import type { PriceBookStatus } from '@farthing/core';
import { Gauge, type Registry } from 'prom-client';

/** Adds how the sources of prices are to a process's metrics; read when Prometheus asks. */
export function registerPriceMetrics(registry: Registry, status: () => PriceBookStatus): void {
  const book: Gauge<'book'> = new Gauge({
    name: 'farthing_price_book_info',
    help: 'The price book in use: always 1, with the names and editions of its layers as a label.',
    labelNames: ['book'],
    registers: [registry],
    collect() {
      book.reset();
      book.set({ book: status().book }, 1);
    },
  });
  const labelNames = ['kind', 'source'] as const;
  const registers = [registry];
  const up: Gauge<(typeof labelNames)[number]> = new Gauge({
    name: 'farthing_price_source_up',
    help: '1 when the newest content of a price source is in use; 0 when it has a problem.',
    labelNames,
    registers,
    collect() {
      up.reset();
      for (const { kind, name, state } of status().sources) {
        up.set({ kind, source: name }, state === 'ok' ? 1 : 0);
      }
    },
  });
  const rows: Gauge<(typeof labelNames)[number]> = new Gauge({
    name: 'farthing_price_source_rows',
    help: 'Price rows of a source that are in use.',
    labelNames,
    registers,
    collect() {
      rows.reset();
      for (const source of status().sources) {
        rows.set({ kind: source.kind, source: source.name }, source.rows);
      }
    },
  });
  const loaded: Gauge<(typeof labelNames)[number]> = new Gauge({
    name: 'farthing_price_source_loaded_timestamp_seconds',
    help: 'When the content in use was read or fetched; absent for what is built in.',
    labelNames,
    registers,
    collect() {
      loaded.reset();
      for (const { kind, name, loaded_at } of status().sources) {
        if (loaded_at !== null) loaded.set({ kind, source: name }, Date.parse(loaded_at) / 1000);
      }
    },
  });
}
