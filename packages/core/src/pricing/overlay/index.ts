import { ruleLayer, type PriceLayer } from '../price-rows.js';
import { anthropicRules } from './anthropic.js';
import { awsBedrockRules } from './aws-bedrock.js';
import { azureRules } from './azure.js';
import { googleRules } from './google.js';
import { openaiServiceTierRules } from './openai-service-tiers.js';
import { openaiRules } from './openai.js';
import { otherRules } from './others.js';

/** Edition of the overlay. Rows are append-only: a correction is a new row with its own dates. */
export const overlayBook = 'farthing-overlay@2026-11';

/** What the base price list lacks or gets wrong, with the source of every row. */
export function overlayLayer(): PriceLayer {
  return ruleLayer('overlay', overlayBook, [
    ...anthropicRules,
    ...awsBedrockRules,
    ...azureRules,
    ...googleRules,
    ...openaiRules,
    ...openaiServiceTierRules,
    ...otherRules,
  ]);
}
