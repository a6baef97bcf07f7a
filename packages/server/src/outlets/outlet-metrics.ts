import { Gauge, type Registry } from 'prom-client';
import type { OutletStatus } from './delivery.js';

/** How far outlets are behind, and which of them are kept from delivering. */
export function registerOutletMetrics(
  registry: Registry,
  statuses: () => readonly OutletStatus[],
): void {
  const registers = [registry];
  const behind: Gauge<'outlet'> = new Gauge({
    name: 'farthing_outlet_behind_bytes',
    help: 'Bytes of journals that an outlet has not delivered yet.',
    labelNames: ['outlet'],
    registers,
    collect: () => {
      for (const { name, behind_bytes: bytes } of statuses()) behind.set({ outlet: name }, bytes);
    },
  });
  const failing: Gauge<'outlet'> = new Gauge({
    name: 'farthing_outlet_failing',
    help: '1 while an outlet cannot deliver.',
    labelNames: ['outlet'],
    registers,
    collect: () => {
      for (const { name, problem } of statuses()) {
        failing.set({ outlet: name }, problem === null ? 0 : 1);
      }
    },
  });
}
