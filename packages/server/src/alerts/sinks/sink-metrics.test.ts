import type { SinkStatus } from '@farthing/core';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { registerSinkMetrics } from './sink-metrics.js';

test('what was delivered counts on, what waits goes up and down', async () => {
  const registry = new Registry();
  const status: SinkStatus = {
    name: 'ops',
    type: 'slack',
    state: 'running',
    delivered: 3,
    waiting: 2,
    replaced: 1,
    last_delivered_at: null,
    problem: 'host answers 500',
  };
  registerSinkMetrics(registry, () => [status]);
  const lines = async () =>
    (await registry.metrics()).split('\n').filter((line) => line.startsWith('farthing_alert'));
  expect(await lines()).toEqual([
    'farthing_alert_notices_delivered_total{sink="ops"} 3',
    'farthing_alert_notices_replaced_total{sink="ops"} 1',
    'farthing_alert_notices_waiting{sink="ops"} 2',
    'farthing_alert_sink_failing{sink="ops"} 1',
  ]);
  Object.assign(status, { delivered: 5, waiting: 0, problem: null });
  expect(await lines()).toEqual([
    'farthing_alert_notices_delivered_total{sink="ops"} 5',
    'farthing_alert_notices_replaced_total{sink="ops"} 1',
    'farthing_alert_notices_waiting{sink="ops"} 0',
    'farthing_alert_sink_failing{sink="ops"} 0',
  ]);
});
