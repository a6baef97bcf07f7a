import type { Cost } from '../entry.js';
import { formatUsd, maxPicodollars, parseUsdRounded } from '../money.js';
import type { Usage } from '../usage/usage.js';
import type { CostStatus, PriceRow } from './charge.js';
import type { Bill } from './charges.js';
import { shown } from './price-reasons.js';
import type { PriceConditions } from './price-rows.js';
import type { RateCard } from './rate-card.js';
import { toolUnitPrefix } from './tool-prices.js';

/** The row of the user's own where one had a part in it, else that of the input rate. */
export function rowOf({ ownRow, firstRow }: Bill, card: RateCard): PriceRow | undefined {
  return ownRow ?? card.rates.get('input')?.row ?? firstRow;
}

/** Why a model that is known has no price for this call all the same. */
export function obstacleIn(
  card: RateCard,
  conditions: PriceConditions,
  provider: string,
  model: string,
): Cost | undefined {
  if (card.contract !== undefined) return unpriced('contract_required', card.contract);
  const tier = conditions.service_tier ?? conditions.speed;
  if (tier === undefined || card.tierKnown) return undefined;
  return unpriced(
    'unknown_model',
    `no price for tier "${tier}" of model "${model}" (${provider}): add its rates to your own prices (\`prices\` in farthing.yaml)`,
  );
}

export interface Settling {
  row: PriceRow | undefined;
  /** Why the cost is not certain although everything has a rate. */
  remarks: readonly string[];
  /** Absent where no model has a part in it. */
  card?: RateCard;
  provider?: string;
  model?: string;
}

/** The cost that a bill comes to, or why it has none. */
export function settle(bill: Bill, settling: Settling): Cost {
  const { card, row, remarks } = settling;
  if (bill.unpricedTokens.length > 0) {
    const reason = `${subjectOf(settling)} has no rate for ${bill.unpricedTokens.join(', ')} tokens at that time`;
    return unpriced('unknown_model', reason);
  }
  const timeless = lacksGpuTime(bill, card) ? `${subjectOf(settling)} ${noGpuTime}` : undefined;
  if (timeless !== undefined && bill.charges.length === 0) return unpriced('no_usage', timeless);
  if (bill.total > maxPicodollars) {
    return unpriced('invalid_usage', 'the cost exceeds 9.2 million USD for one call');
  }
  const missing = missingRates(bill.unpricedUnits);
  if (missing !== undefined && bill.charges.length === 0) {
    return unpriced(
      'unknown_model',
      card === undefined ? missing : `${subjectOf(settling)}: ${missing}`,
    );
  }
  const cost: Cost = {
    usd: formatUsd(bill.total),
    status: 'priced',
    source: bill.source,
    charges: bill.charges,
  };
  const list = bill.total + bill.listDifference;
  if (bill.listDifference !== 0n && list <= maxPicodollars) cost.list_usd = formatUsd(list);
  if (row !== undefined) cost.price = row;
  if (remarks.length === 0 && timeless === undefined && missing === undefined) return cost;
  const reasons = [...remarks];
  if (timeless !== undefined) reasons.push(timeless);
  if (missing !== undefined) reasons.push(missing);
  return { ...cost, status: 'partial', reason: reasons.join('; ') };
}

function subjectOf({ provider, model }: Settling): string {
  return `model "${shown(model ?? '')}" (${provider ?? ''})`;
}

const noGpuTime =
  'is priced by GPU time, and the call states none: give context.gpu_seconds or usage.units.gpu_seconds';

function lacksGpuTime(bill: Bill, card: RateCard | undefined): boolean {
  if (card?.rates.has('gpu_seconds') !== true) return false;
  return !bill.charges.some(({ kind }) => kind === 'gpu_seconds');
}

/** A reason is a sentence: answers can name any number of models and units. */
const mostNamed = 8;

function missingRates(units: readonly string[]): string | undefined {
  if (units.length === 0) return undefined;
  const tools = units.some((unit) => unit.startsWith(toolUnitPrefix));
  const hint = tools
    ? ' (the price of a tool of your own stands under `tools` in your prices)'
    : '';
  const named = units.slice(0, mostNamed).join(', ');
  const more = units.length > mostNamed ? ` and ${units.length - mostNamed} more` : '';
  return `no rate is known for ${named}${more}${hint}`;
}

/** The provider's own statement is the bill; a client's own record only stands beside it. */
export function withReported(computed: Cost, usage: Usage): Cost {
  const { reported } = usage;
  if (reported === undefined) return computed;
  if (parseUsdRounded(reported.usd) > maxPicodollars) return unbelievable(computed, reported.field);
  if (reported.authority === 'client') return { ...computed, reported_usd: reported.usd };
  const { reason: _, ...rest } = computed;
  const cost: Cost = {
    ...rest,
    usd: reported.usd,
    status: 'priced',
    source: 'reported',
    reported_usd: reported.usd,
  };
  if (computed.usd !== null) cost.computed_usd = computed.usd;
  return cost;
}

/** A stated cost that no call can have is not a cost: what was computed stands, and says so. */
function unbelievable(computed: Cost, field: string): Cost {
  const reason = `the answer states a cost of more than 9.2 million USD in ${field}, which is left out`;
  if (computed.usd === null) return { ...computed, reason: `${computed.reason ?? ''}; ${reason}` };
  return { ...computed, status: 'partial', reason };
}

export function unpriced(status: CostStatus, reason: string): Cost {
  return { usd: null, status, reason, charges: [] };
}
