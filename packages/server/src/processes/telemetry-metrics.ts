import { Counter, Gauge, type Registry } from 'prom-client';
import type { TelemetryCounts } from '../ingest/otlp/index.js';

/** What became of received spans, since the process began. */
export function registerTelemetryMetrics(registry: Registry, counts: () => TelemetryCounts): void {
  const registers = [registry];
  const spans: Counter<'outcome'> = new Counter({
    name: 'farthing_otlp_spans_total',
    help: 'Spans received, by what became of them: booked, duplicate (booked elsewhere), structure (no call), rejected, voided (taken back after booking).',
    labelNames: ['outcome'],
    registers,
    collect() {
      spans.reset();
      const { waiting: _waiting, ...outcomes } = counts();
      for (const [outcome, count] of Object.entries(outcomes)) spans.inc({ outcome }, count);
    },
  });
  const waiting: Gauge = new Gauge({
    name: 'farthing_otlp_waiting_calls',
    help: 'Calls of spans that wait to be booked.',
    registers,
    collect() {
      waiting.set(counts().waiting);
    },
  });
}
