import { tierName } from './ledger-cells.js';
import type { CostRow, UsageRow } from './provider-report.js';
import {
  amountOf,
  bucketsOf,
  countAt,
  invalidReport,
  isRecord,
  listAt,
  recordAt,
  textAt,
  timeAt,
  type JsonRecord,
} from './read-fields.js';
import { asCredit, type ReadRows } from './read-openai-report.js';

/** Pages of `GET /v1/organizations/usage_report/messages`. Throws `invalid_report`. */
export function readAnthropicUsage(payload: unknown, where = 'usage'): ReadRows<UsageRow> {
  const rows: UsageRow[] = [];
  const until = eachResult(payload, where, (result, at, here) => {
    const created = isRecord(result['cache_creation']) ? result['cache_creation'] : {};
    const tools = isRecord(result['server_tool_use']) ? result['server_tool_use'] : {};
    const searches = countAt(tools, 'web_search_requests', `${here}.server_tool_use`);
    const tier = textAt(result, 'service_tier');
    rows.push({
      at,
      model: textAt(result, 'model'),
      tier: tier === null ? null : tierOf(tier),
      ...bandOf(result),
      project: textAt(result, 'workspace_id'),
      api_key: textAt(result, 'api_key_id'),
      requests: null,
      tokens: {
        input_uncached: countAt(result, 'uncached_input_tokens', here),
        cache_read: countAt(result, 'cache_read_input_tokens', here),
        cache_write_5m: countAt(created, 'ephemeral_5m_input_tokens', `${here}.cache_creation`),
        cache_write_1h: countAt(created, 'ephemeral_1h_input_tokens', `${here}.cache_creation`),
        output: countAt(result, 'output_tokens', here),
      },
      units: searches === 0 ? {} : { web_searches: searches },
    });
  });
  return { rows, until };
}

/** The token types of the cost report; both spellings that its documentation has. */
const kindOfTokenType: Readonly<Record<string, string>> = {
  uncached_input_tokens: 'input_uncached',
  cache_read_input_tokens: 'cache_read',
  'cache_creation.ephemeral_5m_input_tokens': 'cache_write_5m',
  'cache_creation.ephemeral_1h_input_tokens': 'cache_write_1h',
  output_tokens: 'output',
};
const unitOfCostType: Readonly<Record<string, string>> = {
  web_search: 'web_searches',
  code_execution: 'code_execution_hours',
};

/**
 * Pages of `GET /v1/organizations/cost_report`, whose amounts are decimal strings in CENTS. Priority
 * Tier is not part of that report. Throws `invalid_report`, also for a currency other than USD.
 */
export function readAnthropicCosts(payload: unknown, where = 'costs'): ReadRows<CostRow> {
  const rows: CostRow[] = [];
  const until = eachResult(payload, where, (result, day, here) => {
    const currency = (textAt(result, 'currency') ?? 'USD').toUpperCase();
    if (currency !== 'USD') throw invalidReport(`${here}.currency`, `${currency} is not USD`);
    const model = textAt(result, 'model');
    const type = textAt(result, 'cost_type');
    const kind = kindOfTokenType[textAt(result, 'token_type') ?? ''] ?? null;
    const unit = unitOfCostType[type ?? ''];
    const tier = textAt(result, 'service_tier');
    const isTokens = type === 'tokens' || kind !== null || (type === null && unit === undefined);
    rows.push(
      asCredit({
        day,
        model,
        tier: tier === null ? null : tierOf(tier),
        ...bandOf(result),
        kind: unit ?? kind,
        category: unit !== undefined ? 'unit' : isTokens ? 'tokens' : 'other',
        ...amountOf(result['amount'], `${here}.amount`, 2),
        quantity: null,
        project: textAt(result, 'workspace_id'),
        label: textAt(result, 'description') ?? type ?? 'all usage',
      }),
    );
  });
  return { rows, until };
}

function eachResult(
  payload: unknown,
  where: string,
  take: (result: JsonRecord, at: string, here: string) => void,
): string | null {
  let until: string | null = null;
  for (const [index, bucket] of bucketsOf(payload, where).entries()) {
    const place = `${where}.data[${index}]`;
    const at = timeAt(bucket, 'starting_at', place);
    const end = timeAt(bucket, 'ending_at', place);
    if (until === null || end > until) until = end;
    for (const [number, result] of listAt(bucket, 'results', place).entries()) {
      const here = `${place}.results[${number}]`;
      take(recordAt(result, here), at, here);
    }
  }
  return until;
}

function tierOf(tier: string): string {
  return tier === 'priority_on_demand' ? 'priority' : tierName(tier.replace('_discount', ''));
}

function bandOf(result: JsonRecord): { long: boolean | null; geo: string | null } {
  const context = textAt(result, 'context_window');
  const geo = textAt(result, 'inference_geo');
  return {
    long: context === null ? null : context.startsWith('200k'),
    geo: geo === null ? null : geo === 'us' ? 'us' : 'global',
  };
}
