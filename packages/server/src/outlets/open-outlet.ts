import type { OutletConfig } from '../config/index.js';
import type { Outlet } from './outlet.js';

/** Opens the driver of an outlet; what a driver stands on is loaded only where it is used. */
export async function openOutlet(config: OutletConfig): Promise<Outlet> {
  switch (config.type) {
    case 'jsonl': {
      const { openJsonlOutlet } = await import('./jsonl/jsonl-outlet.js');
      return openJsonlOutlet(config);
    }
    case 'webhook': {
      const { openWebhookOutlet } = await import('./webhook/webhook-outlet.js');
      return openWebhookOutlet(config);
    }
    case 'otlp': {
      const { openOtlpOutlet } = await import('./otlp/otlp-outlet.js');
      return openOtlpOutlet({ ...config, costAttributes: config.cost_attributes });
    }
    case 'postgres': {
      const { openPostgresOutlet } = await import('./postgres/postgres-outlet.js');
      return openPostgresOutlet(config);
    }
    case 'nats': {
      const { openNatsOutlet } = await import('./nats/nats-outlet.js');
      return openNatsOutlet(config);
    }
  }
}
