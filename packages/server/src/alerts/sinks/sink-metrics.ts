import type { SinkStatus } from '@farthing/core';
import { Counter, Gauge, type Registry } from 'prom-client';

/** What sinks have been told, what waits for them, and which of them are kept from being told. */
export function registerSinkMetrics(
  registry: Registry,
  statuses: () => readonly SinkStatus[],
): void {
  const registers = [registry];
  const count = (name: string, help: string, of: (status: SinkStatus) => number) => {
    const counter: Counter<'sink'> = new Counter({
      name,
      help,
      labelNames: ['sink'],
      registers,
      collect: () => {
        counter.reset();
        for (const status of statuses()) counter.inc({ sink: status.name }, of(status));
      },
    });
  };
  const level = (name: string, help: string, of: (status: SinkStatus) => number) => {
    const gauge: Gauge<'sink'> = new Gauge({
      name,
      help,
      labelNames: ['sink'],
      registers,
      collect: () => {
        for (const status of statuses()) gauge.set({ sink: status.name }, of(status));
      },
    });
  };
  count(
    'farthing_alert_notices_delivered_total',
    'Notices of incidents that a sink has taken since it was set up.',
    ({ delivered }) => delivered,
  );
  count(
    'farthing_alert_notices_replaced_total',
    'Notices that later ones replaced before the sink took them.',
    ({ replaced }) => replaced,
  );
  level(
    'farthing_alert_notices_waiting',
    'Notices that a sink has still to take.',
    ({ waiting }) => waiting,
  );
  level('farthing_alert_sink_failing', '1 while a sink does not take notices.', ({ problem }) =>
    problem === null ? 0 : 1,
  );
}
