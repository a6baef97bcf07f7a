import type { BilledKind } from '../billing.js';
import type { Books, Cell } from '../books.js';
import { notice, type Notice } from '../exchange.js';
import { groupCells, type Group } from '../group-cells.js';
import type { JsonObject } from '../json.js';
import { decimalDollars } from '../money.js';
import { Random } from '../random.js';
import {
  bucketPage,
  bucketWidths,
  listParameter,
  usageLimits,
  type BucketWidth,
} from '../report-window.js';
import { openaiInvalid } from './errors.js';

const projectId = 'proj_fake';
const costLimits = { normal: 7, most: 180 };

/** GET /v1/organization/usage/completions and /embeddings: tokens per bucket, grouped on request. */
export function usagePage(
  books: Books,
  api: Cell['api'],
  query: URLSearchParams,
  now: number,
): Notice {
  const width = query.get('bucket_width') ?? '1d';
  if (!isWidth(width)) return invalid(`Invalid value: '${width}'.`, 'bucket_width');
  const grouped = listParameter(query, 'group_by');
  const models = listParameter(query, 'models');
  const keys = listParameter(query, 'api_key_ids');
  const row = (group: Group): JsonObject => {
    const { sample, counts } = group;
    const dimension = (name: string, value: unknown): unknown =>
      grouped.includes(name) ? value : null;
    const dimensions = {
      num_model_requests: group.requests,
      project_id: dimension('project_id', projectId),
      user_id: null,
      api_key_id: dimension('api_key_id', sample.keyId),
      model: dimension('model', sample.model),
    };
    if (api === 'embeddings') {
      return {
        object: 'organization.usage.embeddings.result',
        input_tokens: counts.input_uncached,
        ...dimensions,
      };
    }
    return {
      object: 'organization.usage.completions.result',
      input_tokens: counts.input_uncached + counts.cache_read + counts.cache_write,
      input_uncached_tokens: counts.input_uncached,
      input_cached_tokens: counts.cache_read,
      input_cache_write_tokens: counts.cache_write,
      input_text_tokens: counts.input_uncached,
      input_cached_text_tokens: counts.cache_read,
      input_audio_tokens: 0,
      input_cached_audio_tokens: 0,
      input_image_tokens: 0,
      input_cached_image_tokens: 0,
      output_tokens: counts.output,
      output_text_tokens: counts.output,
      output_audio_tokens: 0,
      output_image_tokens: 0,
      ...dimensions,
      batch: dimension('batch', false),
      service_tier: dimension('service_tier', sample.tier),
    };
  };
  return page(query, now, bucketWidths[width], usageLimits[width], (start) =>
    groupCells(
      books
        .bucket(bucketWidths[width], start)
        .filter(
          (cell) =>
            cell.provider === 'openai' &&
            cell.api === api &&
            (models.length === 0 || models.includes(cell.model)) &&
            (keys.length === 0 || keys.includes(cell.keyId)),
        ),
      (cell) =>
        [
          grouped.includes('api_key_id') && cell.keyId,
          grouped.includes('model') && cell.model,
          grouped.includes('service_tier') && cell.tier,
        ].join('\n'),
    ).map(row),
  );
}

const lineNames: Record<BilledKind, string> = {
  input_uncached: 'input',
  cache_read: 'cached input',
  cache_write: 'cache write',
  cache_write_5m: 'cache write',
  cache_write_1h: 'cache write',
  output: 'output',
  web_searches: 'web search',
};

/** GET /v1/organization/costs: amounts per UTC day. The amount is a number, as the vendor has it. */
export function costsPage(books: Books, query: URLSearchParams, now: number): Notice {
  const width = query.get('bucket_width') ?? '1d';
  if (width !== '1d') return invalid(`Invalid value: '${width}'. Supported: '1d'.`, 'bucket_width');
  const grouped = listParameter(query, 'group_by');
  const byLine = grouped.includes('line_item');
  const keys = listParameter(query, 'api_key_ids');
  const result = (sample: Cell, amount: bigint, line: JsonObject): JsonObject => ({
    object: 'organization.costs.result',
    amount: { value: Number(decimalDollars(amount)), currency: 'usd' },
    line_item: null,
    project_id: grouped.includes('project_id') ? projectId : null,
    api_key_id: grouped.includes('api_key_id') ? sample.keyId : null,
    quantity: null,
    ...line,
  });
  return page(query, now, bucketWidths['1d'], costLimits, (start) =>
    groupCells(
      books
        .bucket(bucketWidths['1d'], start)
        .filter(
          (cell) =>
            cell.provider === 'openai' &&
            cell.amounts !== null &&
            (keys.length === 0 || keys.includes(cell.keyId)),
        ),
      (cell) =>
        [grouped.includes('api_key_id') && cell.keyId, byLine && `${cell.model} ${cell.tier}`].join(
          '\n',
        ),
    ).flatMap(({ sample, counts, amounts }) => {
      const kinds = Object.keys(lineNames) as BilledKind[];
      if (!byLine) {
        return [
          result(
            sample,
            kinds.reduce((sum, kind) => sum + amounts[kind], 0n),
            {},
          ),
        ];
      }
      const tier = sample.tier === 'default' ? '' : `, ${sample.tier}`;
      return kinds
        .filter((kind) => counts[kind] > 0)
        .map((kind) =>
          result(sample, amounts[kind], {
            line_item: `${sample.model}${tier}, ${lineNames[kind]}`,
            quantity: counts[kind],
            quantity_unit: kind === 'web_searches' ? 'calls' : 'tokens',
          }),
        );
    }),
  );
}

function page(
  query: URLSearchParams,
  now: number,
  width: number,
  limits: { normal: number; most: number },
  results: (start: number) => JsonObject[],
): Notice {
  const from = seconds(query, 'start_time');
  if (from === undefined) return invalid("Missing required parameter: 'start_time'.", 'start_time');
  const to = seconds(query, 'end_time') ?? now;
  const limit = Number(query.get('limit') ?? limits.normal);
  if (!Number.isInteger(limit) || limit < 1 || limit > limits.most) {
    return invalid(`Invalid 'limit': expected an integer from 1 to ${limits.most}.`, 'limit');
  }
  const found = bucketPage(from, to, width, limit, query.get('page'));
  if (found === undefined) return invalid("Invalid 'page'.", 'page');
  return notice(
    200,
    {
      object: 'page',
      data: found.buckets.map(({ start, end }) => ({
        object: 'bucket',
        start_time: start / 1000,
        end_time: end / 1000,
        results: results(start),
      })),
      has_more: found.hasMore,
      next_page: found.nextPage,
    },
    { indent: 2 },
  );
}

function seconds(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  return value !== null && /^\d+$/.test(value) ? Number(value) * 1000 : undefined;
}

function invalid(message: string, parameter: string): Notice {
  return openaiInvalid(message, parameter, new Random(message));
}

function isWidth(width: string): width is BucketWidth {
  return Object.hasOwn(bucketWidths, width);
}
