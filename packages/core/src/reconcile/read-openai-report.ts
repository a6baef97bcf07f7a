import { tierName } from './ledger-cells.js';
import { readLineItem } from './openai-line-item.js';
import type { CostRow, UsageRow } from './provider-report.js';
import {
  amountOf,
  bucketsOf,
  countAt,
  invalidReport,
  isRecord,
  listAt,
  optionalCountAt,
  recordAt,
  textAt,
  timeAt,
  type JsonRecord,
} from './read-fields.js';
import type { TokenKind } from './token-kinds.js';

/** Rows of a report, and the end of the last bucket that it holds. */
export interface ReadRows<Row> {
  rows: Row[];
  until: string | null;
}

/** Which unit the usage endpoints count that do not count tokens. */
const unitFields: Readonly<Record<string, string>> = {
  'organization.usage.images.result': 'images',
  'organization.usage.audio_speeches.result': 'input_characters',
  'organization.usage.audio_transcriptions.result': 'audio_seconds',
  'organization.usage.code_interpreter_sessions.result': 'code_interpreter_sessions',
  'organization.usage.web_search_calls.result': 'web_searches',
  'organization.usage.file_search_calls.result': 'file_searches',
};
const countFields: Readonly<Record<string, readonly string[]>> = {
  images: ['images'],
  input_characters: ['characters'],
  audio_seconds: ['seconds'],
  code_interpreter_sessions: ['num_sessions', 'sessions'],
  web_searches: ['num_requests', 'num_model_requests'],
  file_searches: ['num_requests', 'num_model_requests'],
};

/**
 * Pages of `GET /v1/organization/usage/*`. `input_tokens` includes cached ones and cache writes, so
 * the uncached part is stated apart or is the rest. Throws `invalid_report`.
 */
export function readOpenAIUsage(payload: unknown, where = 'usage'): ReadRows<UsageRow> {
  const rows: UsageRow[] = [];
  let until: string | null = null;
  for (const [index, bucket] of bucketsOf(payload, where).entries()) {
    const place = `${where}.data[${index}]`;
    const at = timeAt(bucket, 'start_time', place);
    until = latest(until, timeAt(bucket, 'end_time', place));
    for (const [number, value] of resultsOf(bucket, place).entries()) {
      const here = `${place}.results[${number}]`;
      const result = recordAt(value, here);
      const unit = unitFields[String(result['object'])];
      const batch = result['batch'];
      const tier = textAt(result, 'service_tier');
      rows.push({
        at,
        model: textAt(result, 'model'),
        tier: batch === true ? 'batch' : tier === null ? null : tierName(tier),
        long: null,
        geo: null,
        project: textAt(result, 'project_id'),
        api_key: textAt(result, 'api_key_id'),
        requests: optionalCountAt(result, 'num_model_requests', here),
        tokens: unit === undefined ? tokensOf(result, here) : {},
        units: unit === undefined ? {} : unitsOf(result, unit, here),
      });
    }
  }
  return { rows, until };
}

function resultsOf(bucket: JsonRecord, place: string): unknown[] {
  // The field was called `result` in the first version of the API.
  return listAt(bucket, Array.isArray(bucket['result']) ? 'result' : 'results', place);
}

function tokensOf(result: JsonRecord, where: string): Partial<Record<TokenKind, number>> {
  const input = countAt(result, 'input_tokens', where);
  const cached = countAt(result, 'input_cached_tokens', where);
  const written = countAt(result, 'input_cache_write_tokens', where);
  const uncached =
    optionalCountAt(result, 'input_uncached_tokens', where) ?? input - cached - written;
  if (uncached < 0 || uncached + cached + written !== input) {
    throw invalidReport(
      where,
      `input_tokens ${input} is not uncached ${uncached} + cached ${cached} + cache writes ${written}`,
    );
  }
  return {
    input_uncached: uncached,
    cache_read: cached,
    cache_write: written,
    output: countAt(result, 'output_tokens', where),
  };
}

function unitsOf(result: JsonRecord, unit: string, where: string): Record<string, number> {
  for (const name of countFields[unit] ?? []) {
    const count = optionalCountAt(result, name, where);
    if (count !== null) return { [unit]: count };
  }
  return {};
}

/**
 * Pages of `GET /v1/organization/costs`. `isModel` tells which part of a line's name is a model.
 * Throws `invalid_report`, also for a currency other than USD.
 */
export function readOpenAICosts(
  payload: unknown,
  isModel: (name: string) => boolean,
  where = 'costs',
): ReadRows<CostRow> {
  const rows: CostRow[] = [];
  let until: string | null = null;
  for (const [index, bucket] of bucketsOf(payload, where).entries()) {
    const place = `${where}.data[${index}]`;
    const day = timeAt(bucket, 'start_time', place);
    until = latest(until, timeAt(bucket, 'end_time', place));
    for (const [number, value] of resultsOf(bucket, place).entries()) {
      const here = `${place}.results[${number}]`;
      const result = recordAt(value, here);
      const amount = isRecord(result['amount']) ? result['amount'] : {};
      const currency = String(amount['currency'] ?? 'usd').toUpperCase();
      if (currency !== 'USD') {
        throw invalidReport(`${here}.amount.currency`, `${currency} is not USD`);
      }
      const line = textAt(result, 'line_item');
      const quantity = result['quantity'];
      const scale = result['quantity_unit'] === '1000_tokens' ? 1000 : 1;
      rows.push({
        day,
        ...readLineItem(line, isModel),
        ...amountOf(amount['value'], `${here}.amount.value`),
        quantity: typeof quantity === 'number' ? quantity * scale : null,
        project: textAt(result, 'project_id'),
        label: line ?? 'all usage',
      });
    }
  }
  return { rows: rows.map(asCredit), until };
}

/** Money given back is no rate of anything. */
export function asCredit(row: CostRow): CostRow {
  return row.usd.startsWith('-') && row.category !== 'unit' ? { ...row, category: 'credit' } : row;
}

function latest(left: string | null, right: string): string {
  return left === null || right > left ? right : left;
}
