import { unitKinds, type BilledKind, type Counts } from '../billing.js';
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

/** GET /v1/organization/usage/{completions,embeddings,images,…}: counts per bucket, grouped on request. */
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
    if (api !== 'completions') {
      const isImages = api === 'images';
      return {
        object: `organization.usage.${api}.result`,
        ...otherFigures(api, counts),
        ...dimensions,
        ...(isImages ? { source: dimension('source', sample.source) } : {}),
        ...(isImages ? { size: dimension('size', sizeOf(sample)) } : {}),
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
          grouped.includes('source') && cell.source,
          grouped.includes('size') && sizeOf(cell),
        ].join('\n'),
    ).map(row),
  );
}

/** What the reports of other APIs count. */
function otherFigures(api: Cell['api'], counts: Counts): JsonObject {
  switch (api) {
    case 'images':
      return { images: counts.images };
    case 'audio_speeches':
      return { characters: counts.input_characters };
    case 'audio_transcriptions':
      return { seconds: counts.audio_seconds };
    default:
      return { input_tokens: counts.input_uncached };
  }
}

function sizeOf(cell: Cell): string | null {
  return cell.imageKind?.split(' ')[0] ?? null;
}

const lineNames: Record<BilledKind, string> = {
  input_uncached: 'input',
  cache_read: 'cached input',
  cache_write: 'cache write',
  cache_write_5m: 'cache write',
  cache_write_1h: 'cache write',
  output: 'output',
  web_searches: 'web search',
  input_image: 'image input',
  input_audio: 'audio input',
  output_image: 'image output',
  output_audio: 'audio output',
  images: 'images',
  audio_seconds: 'audio seconds',
  input_characters: 'characters',
  search_units: 'searches',
};

const unitNames: { readonly [kind in BilledKind]?: string } = {
  web_searches: 'calls',
  images: 'images',
  audio_seconds: 'seconds',
  input_characters: 'characters',
  search_units: 'calls',
};

/** Units may be counted for the usage reports beside the tokens that are billed. */
function isUnit(kind: BilledKind): boolean {
  return (unitKinds as readonly string[]).includes(kind);
}

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
        .filter((kind) => counts[kind] > 0 && (amounts[kind] > 0n || !isUnit(kind)))
        .map((kind) =>
          result(sample, amounts[kind], {
            line_item: `${sample.model}${tier}, ${lineNames[kind]}`,
            quantity: counts[kind],
            quantity_unit: unitNames[kind] ?? 'tokens',
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
