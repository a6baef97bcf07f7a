import { decimalFromNumber, formatUsd, parseUsd, parseUsdRounded } from '../money.js';
import { amountAt, countAt, fieldsAt, type Fields } from './fields.js';
import type { ReportedCost } from './usage.js';

/** One xAI cost tick is 1e-10 USD: 100 picodollars. */
const picodollarsPerTick = 100n;

/** The cost that a provider states inside its usage object, for the providers that state one. */
export function readReportedCost(usage: Fields, provider: string): ReportedCost | undefined {
  switch (provider) {
    case 'openrouter':
      return readOpenRouterCost(usage);
    case 'perplexity': {
      const total = amountAt(fieldsAt(usage, 'cost'), 'total_cost');
      return total === undefined ? undefined : reported(total, 'usage.cost.total_cost');
    }
    case 'xai': {
      const ticks = countAt(usage, 'cost_in_usd_ticks');
      if (ticks === undefined) return undefined;
      const usd = formatUsd(BigInt(ticks) * picodollarsPerTick);
      return { usd, field: 'usage.cost_in_usd_ticks' };
    }
    default:
      return undefined;
  }
}

/**
 * `usage.cost` is what OpenRouter charges. With the user's own provider key (`is_byok`) that is only
 * its fee: the provider bills `cost_details.upstream_inference_cost` on top.
 */
function readOpenRouterCost(usage: Fields): ReportedCost | undefined {
  const cost = amountAt(usage, 'cost');
  if (cost === undefined) return undefined;
  const fee = reported(cost, 'usage.cost');
  if (usage['is_byok'] !== true) return fee;
  const upstream = amountAt(fieldsAt(usage, 'cost_details'), 'upstream_inference_cost');
  // The fee alone would understate the bill: without the upstream part the call is priced by rates.
  if (upstream === undefined) return undefined;
  const sum = parseUsd(fee.usd) + parseUsd(reported(upstream, '').usd);
  return {
    usd: formatUsd(sum),
    field: 'usage.cost + usage.cost_details.upstream_inference_cost',
  };
}

function reported(value: number, field: string): ReportedCost {
  return { usd: formatUsd(parseUsdRounded(decimalFromNumber(value))), field };
}
