import { join } from 'node:path';
import type { OutletConfig } from '../config/index.js';
import type { JournalPosition } from '../store/store.js';
import { Delivery, type DeliveryOptions, type OutletStatus } from './delivery.js';
import { openOutlet } from './open-outlet.js';
import { readSecrets } from './read-secrets.js';

export interface Outlets {
  statuses(): OutletStatus[];
  /** Where each outlet is in each journal, for whoever removes old segments. */
  places(): readonly (readonly JournalPosition[])[];
  stop(): Promise<void>;
}

/** Starts delivering to all outlets of the configuration, each from its own place on. Throws `config_invalid`. */
export function openOutlets(
  configs: readonly OutletConfig[],
  parts: Pick<DeliveryOptions, 'dataDirectory' | 'store' | 'log' | 'now'>,
  environment: Record<string, string | undefined>,
): Outlets {
  // All of them first: a mistake in one must not leave another running.
  const filled = configs.map((config) => readSecrets(config, environment));
  const deliveries = filled.map(
    (config) =>
      new Delivery({
        ...parts,
        name: config.name,
        type: config.type,
        from: config.from,
        placeFile: join(parts.dataDirectory, 'outlets', `${config.name}.json`),
        open: () => openOutlet(config),
      }),
  );
  return {
    statuses: () => deliveries.map((delivery) => delivery.status()),
    places: () => deliveries.map(({ positions }) => positions),
    async stop() {
      await Promise.all(deliveries.map((delivery) => delivery.stop()));
    },
  };
}
