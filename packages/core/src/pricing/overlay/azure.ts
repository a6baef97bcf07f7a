import type { PriceRule } from '../price-rows.js';

const page = 'https://azure.microsoft.com/pricing/details/azure-openai/';

/** Azure's deployment types against Global Standard, which has OpenAI's list prices; its tools. */
export const azureRules: readonly PriceRule[] = [
  {
    provider: 'azure',
    model: '*',
    rates: { code_interpreter_sessions: '0.03', file_searches: '2.5' },
    source: `${page} (code interpreter per session, file search per 1,000 calls)`,
  },
  ...['data_zone', 'regional'].map((scope): PriceRule => ({
    provider: 'azure',
    model: '*',
    when: { scope },
    multiply: { tokens: '1.1' },
    source: page,
  })),
];
