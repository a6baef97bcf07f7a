import { Gauge, Counter, type Registry } from 'prom-client';
import type { Incident } from '@farthing/core';
import type { AlertEngineStatus } from './alert-engine.js';

/** What watches, and what it has found. */
export function registerAlertMetrics(
  registry: Registry,
  incidents: () => Iterable<Incident>,
  status: () => AlertEngineStatus,
): void {
  const registers = [registry];
  const open: Gauge<'severity' | 'cause'> = new Gauge({
    name: 'farthing_incidents_open',
    help: 'Incidents that are not resolved.',
    labelNames: ['severity', 'cause'],
    registers,
    collect: () => {
      open.reset();
      for (const { state, severity, cause } of incidents()) {
        if (state !== 'resolved') open.inc({ severity, cause });
      }
    },
  });
  const findings: Counter<'cause' | 'mode'> = new Counter({
    name: 'farthing_alert_findings_total',
    help: 'What detectors and rules have found since this process started.',
    labelNames: ['cause', 'mode'],
    registers,
    collect: () => {
      findings.reset();
      for (const [key, count] of status().findings) {
        const [cause = '', mode = ''] = key.split(' ');
        findings.inc({ cause, mode }, count);
      }
    },
  });
  const gauge = (name: string, help: string, read: (status: AlertEngineStatus) => number) => {
    const each: Gauge = new Gauge({
      name,
      help,
      registers,
      collect: () => each.set(read(status())),
    });
  };
  gauge('farthing_alert_groups', 'Groups of calls that are watched.', ({ groups }) => groups);
  gauge('farthing_alert_behind_entries', 'Booked entries not looked at.', ({ behind }) => behind);
  gauge('farthing_alert_learning', '1 while the past is read.', ({ state }) =>
    state === 'learning' ? 1 : 0,
  );
  gauge(
    'farthing_alert_entry_microseconds',
    'Time that looking at an entry takes, as a mean since the start.',
    ({ microseconds }) => microseconds ?? 0,
  );
}
