import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readRevenueFile } from '../revenue/index.js';
import { demoRevenue } from './revenue.js';

test('the demo’s tenants pay what the example file says', async () => {
  const file = fileURLToPath(new URL('../../../../examples/revenue.csv', import.meta.url));
  expect(demoRevenue()).toEqual(await readRevenueFile(file));
});
