import type { Target } from '../target.js';
import { aiSdkCostCalculator } from './ai-sdk-cost-calculator.js';
import { farthing } from './farthing.js';
import { genaiPrices, genaiPricesData } from './genai-prices.js';
import { llmPrices } from './llm-prices.js';
import { llmPricing } from './llm-pricing.js';
import { multipliers } from './multipliers.js';
import { tokenlens } from './tokenlens.js';
import { tokentally } from './tokentally.js';

/** Everything that is compared, in the table's order. */
export async function loadTargets(): Promise<Target[]> {
  return [
    farthing,
    genaiPrices,
    genaiPricesData,
    ...(await llmPricing()),
    ...(await tokenlens()),
    ...(await llmPrices()),
    ...(await tokentally()),
    ...(await aiSdkCostCalculator()),
    ...(await multipliers()),
  ];
}
