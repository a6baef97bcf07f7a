import { describe } from 'vitest';
import { chatUsage, testPrices, type PriceCase } from './price-case.js';

describe('Azure', () => {
  const answer = {
    model: 'gpt-4o-2024-08-06',
    usage: chatUsage(1000, 500, { cached_tokens: 512 }),
  };
  const azure = (
    name: string,
    deployment_type: string,
    usd: string | null,
    rest = {},
  ): PriceCase => ({
    name,
    provider: 'azure',
    model: 'chat-prod',
    api: 'chat.completions',
    at: '2025-06-01T00:00:00Z',
    context: { deployment_type },
    answer,
    usd,
    ...rest,
  });
  testPrices([
    // 488 × 2.5 + 512 × 1.25 + 500 × 10 = 0.00686
    azure('global standard has list prices', 'GlobalStandard', '0.00686'),
    azure('a data zone costs ten percent more', 'DataZoneStandard', '0.007546'),
    azure('so does a region', 'Standard', '0.007546'),
    azure('a batch in the world', 'GlobalBatch', '0.00343'),
    azure('a batch in a data zone', 'DataZoneBatch', '0.003773'),
    azure('provisioned capacity', 'DataZoneProvisionedManaged', null, {
      status: 'contract_required',
    }),
    azure('provisioned capacity by its short name', 'PTU', null, { status: 'contract_required' }),
  ]);
});
