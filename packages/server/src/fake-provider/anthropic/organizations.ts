import type { BilledKind } from '../billing.js';
import type { Books, Cell } from '../books.js';
import { notice, type Notice } from '../exchange.js';
import { groupCells, type Group } from '../group-cells.js';
import type { JsonObject } from '../json.js';
import { decimalCents } from '../money.js';
import { Random } from '../random.js';
import {
  bucketPage,
  bucketWidths,
  listParameter,
  usageLimits,
  type BucketWidth,
} from '../report-window.js';
import { anthropicError } from './errors.js';

const workspaceId = 'wrkspc_fake';

/** GET /v1/organizations/usage_report/messages: tokens per bucket, grouped on request. */
export function usageReport(books: Books, query: URLSearchParams, now: number): Notice {
  const width = query.get('bucket_width') ?? '1d';
  if (!isWidth(width)) return invalid(`bucket_width: Input should be '1d', '1h' or '1m'`);
  const grouped = listParameter(query, 'group_by');
  const models = listParameter(query, 'models');
  const keys = listParameter(query, 'api_key_ids');
  const row = ({ sample, counts }: Group): JsonObject => {
    const dimension = (name: string, value: string): string | null =>
      grouped.includes(name) ? value : null;
    return {
      uncached_input_tokens: counts.input_uncached,
      cache_creation: {
        ephemeral_1h_input_tokens: counts.cache_write_1h,
        ephemeral_5m_input_tokens: counts.cache_write_5m,
      },
      cache_read_input_tokens: counts.cache_read,
      output_tokens: counts.output,
      server_tool_use: { web_search_requests: counts.web_searches },
      api_key_id: dimension('api_key_id', sample.keyId),
      workspace_id: dimension('workspace_id', workspaceId),
      model: dimension('model', sample.model),
      service_tier: dimension('service_tier', sample.tier),
      context_window: dimension('context_window', contextWindow(sample)),
      inference_geo: dimension('inference_geo', sample.geo),
    };
  };
  return page(query, now, bucketWidths[width], usageLimits[width], (start) =>
    groupCells(
      books
        .bucket(bucketWidths[width], start)
        .filter(
          (cell) =>
            cell.provider === 'anthropic' &&
            (models.length === 0 || models.includes(cell.model)) &&
            (keys.length === 0 || keys.includes(cell.keyId)),
        ),
      (cell) =>
        [
          grouped.includes('api_key_id') && cell.keyId,
          grouped.includes('model') && cell.model,
          grouped.includes('service_tier') && cell.tier,
          grouped.includes('context_window') && cell.band,
          grouped.includes('inference_geo') && cell.geo,
        ].join('\n'),
    ).map(row),
  );
}

const costLines: Partial<Record<BilledKind, { name: string; tokenType: string | null }>> = {
  input_uncached: { name: 'Input Tokens', tokenType: 'uncached_input_tokens' },
  cache_read: { name: 'Input Tokens, Cache Hit', tokenType: 'cache_read_input_tokens' },
  cache_write_5m: {
    name: 'Input Tokens, Cache Write 5m',
    tokenType: 'cache_creation.ephemeral_5m_input_tokens',
  },
  cache_write_1h: {
    name: 'Input Tokens, Cache Write 1h',
    tokenType: 'cache_creation.ephemeral_1h_input_tokens',
  },
  output: { name: 'Output Tokens', tokenType: 'output_tokens' },
  web_searches: { name: 'Web Search Usage', tokenType: null },
};

/** GET /v1/organizations/cost_report: amounts per UTC day, as decimal strings in CENTS. */
export function costReport(books: Books, query: URLSearchParams, now: number): Notice {
  if ((query.get('bucket_width') ?? '1d') !== '1d') {
    return invalid("bucket_width: Input should be '1d'");
  }
  const grouped = listParameter(query, 'group_by');
  const described = grouped.includes('description');
  return page(query, now, bucketWidths['1d'], usageLimits['1d'], (start) =>
    groupCells(
      books
        .bucket(bucketWidths['1d'], start)
        .filter((cell) => cell.provider === 'anthropic' && cell.amounts !== null),
      (cell) => (described ? [cell.model, cell.tier, cell.band, cell.geo].join('\n') : ''),
    ).flatMap(({ sample, counts, amounts }) => {
      const kinds = Object.keys(costLines) as BilledKind[];
      const result = (amount: bigint, fields: JsonObject): JsonObject => ({
        currency: 'USD',
        amount: decimalCents(amount),
        workspace_id: grouped.includes('workspace_id') ? workspaceId : null,
        description: null,
        cost_type: null,
        context_window: null,
        model: null,
        service_tier: null,
        token_type: null,
        inference_geo: null,
        ...fields,
      });
      if (!described) {
        return [
          result(
            kinds.reduce((sum, kind) => sum + amounts[kind], 0n),
            {},
          ),
        ];
      }
      return kinds
        .filter((kind) => counts[kind] > 0)
        .map((kind) => {
          const line = costLines[kind];
          const search = kind === 'web_searches';
          return result(amounts[kind], {
            description: search ? line?.name : `${sample.model} Usage - ${line?.name}`,
            cost_type: search ? 'web_search' : 'tokens',
            token_type: line?.tokenType ?? null,
            model: search ? null : sample.model,
            service_tier: search ? null : sample.tier,
            context_window: search ? null : contextWindow(sample),
            inference_geo: search ? null : sample.geo,
          });
        });
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
  const from = Date.parse(query.get('starting_at') ?? '');
  if (Number.isNaN(from)) return invalid('starting_at: Field required, an RFC 3339 timestamp');
  const ending = query.get('ending_at');
  const to = ending === null ? now : Date.parse(ending);
  if (Number.isNaN(to)) return invalid('ending_at: Input should be an RFC 3339 timestamp');
  const limit = Number(query.get('limit') ?? limits.normal);
  if (!Number.isInteger(limit) || limit < 1 || limit > limits.most) {
    return invalid(`limit: Input should be from 1 to ${limits.most}`);
  }
  const found = bucketPage(from, to, width, limit, query.get('page'));
  if (found === undefined) return invalid('page: Invalid page token');
  return notice(200, {
    data: found.buckets.map(({ start, end }) => ({
      starting_at: rfc3339(start),
      ending_at: rfc3339(end),
      results: results(start),
    })),
    has_more: found.hasMore,
    next_page: found.nextPage,
  });
}

function contextWindow(cell: Cell): string {
  return cell.band === 'long' ? '200k-1M' : '0-200k';
}

function rfc3339(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

function invalid(message: string): Notice {
  return anthropicError(400, message, new Random(message));
}

function isWidth(width: string): width is BucketWidth {
  return Object.hasOwn(bucketWidths, width);
}
