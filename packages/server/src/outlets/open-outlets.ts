import { join, resolve } from 'node:path';
import { FarthingError } from '@farthing/core';
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

/**
 * The outlets of the configuration with what they take from the environment, checked before anything is
 * opened. Throws `config_invalid`.
 */
export function readOutlets(
  configs: readonly OutletConfig[],
  environment: Record<string, string | undefined>,
): OutletConfig[] {
  const filled = configs.map((config) => readSecrets(config, environment));
  const folders = new Map<string, string>();
  for (const config of filled) {
    if (config.type !== 'jsonl') continue;
    const folder = resolve(config.directory);
    const other = folders.get(folder);
    if (other !== undefined) {
      throw new FarthingError(
        'config_invalid',
        `The outlets "${other}" and "${config.name}" write to one directory, ${config.directory}. Give each its own.`,
      );
    }
    folders.set(folder, config.name);
  }
  return filled;
}

/** Starts delivering to the outlets, each from its own place on. */
export function openOutlets(
  configs: readonly OutletConfig[],
  parts: Pick<DeliveryOptions, 'dataDirectory' | 'store' | 'log' | 'now'>,
): Outlets {
  const deliveries = configs.map(
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
