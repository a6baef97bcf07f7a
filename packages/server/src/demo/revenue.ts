import type { RevenueLine } from '@farthing/core';
import { tenants } from './company.js';

/** What the demo's tenants pay each month: examples/revenue.csv, as it is saved. */
export function demoRevenue(): RevenueLine[] {
  return tenants.map(({ name, segment, pays }) => ({
    for: 'tenant',
    key: name,
    plan: segment,
    amount_usd: pays,
    period: null,
  }));
}
