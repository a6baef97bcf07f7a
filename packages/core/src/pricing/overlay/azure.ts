import type { PriceRule } from '../price-rows.js';

const page = 'https://azure.microsoft.com/pricing/details/azure-openai/';

/** Azure's deployment types against Global Standard, which has OpenAI's list prices. */
export const azureRules: readonly PriceRule[] = ['data_zone', 'regional'].map((scope) => ({
  provider: 'azure',
  model: '*',
  when: { scope },
  multiply: { tokens: '1.1' },
  source: page,
}));
