import { noCounts } from '../billing.js';
import { notice, type Exchange, type Notice, type Reply } from '../exchange.js';
import { isObject, listAt, numberAt, textAt } from '../json.js';
import { profileOf } from '../model-profile.js';
import type { Random } from '../random.js';
import { countTokens } from '../tokens.js';
import { reportedUsage } from '../usage-report.js';

/** One search unit is a query with up to this many documents. */
const documentsPerSearch = 100;
/** Longer documents, the query counted in, are cut into pieces of this size that count as documents. */
const longestDocument = 500;

/** POST /v1/rerank and /v2/rerank, as api.cohere.com answers. */
export function rerank(exchange: Exchange): Reply {
  const { body, directives } = exchange;
  const model = textAt(body, 'model');
  const query = textAt(body, 'query') ?? '';
  const documents = listAt(body, 'documents').map((item) =>
    isObject(item) ? (textAt(item, 'text') ?? '') : String(item),
  );
  const random = exchange.randomFor(model ?? '', [query, ...documents].join('\n'));
  if (model === undefined) return cohereError(400, 'model is required', random);
  if (query === '' || documents.length === 0) {
    return cohereError(400, 'query and documents must not be empty', random);
  }
  const length = countTokens(query);
  const pieces = documents.map((text) =>
    Math.max(1, Math.ceil((length + countTokens(text)) / longestDocument)),
  );
  const searches = Math.ceil(pieces.reduce((sum, count) => sum + count, 0) / documentsPerSearch);
  const usage = reportedUsage({ billed_units: { search_units: searches } }, directives, random);
  const ranked = documents
    .map((_, index) => ({ index, relevance_score: Number(random.next().toFixed(7)) }))
    .toSorted((first, second) => second.relevance_score - first.relevance_score);
  return {
    kind: 'answer',
    headers: { 'x-debug-trace-id': random.hex(32) },
    contentType: 'application/json',
    content: {
      plain: JSON.stringify({
        id: idFrom(random),
        results: ranked.slice(0, numberAt(body, 'top_n') ?? ranked.length),
        meta: { api_version: { version: exchange.path.slice(2, 3) }, ...usage },
      }),
    },
    posting: {
      at: exchange.now,
      provider: 'cohere',
      api: 'rerank',
      keyId: exchange.keyId,
      model,
      tier: 'default',
      geo: 'global',
      counts: { ...noCounts(), search_units: searches },
    },
    reportsUsage: true,
    profile: profileOf(model),
    random,
  };
}

export function cohereError(status: number, message: string, random: Random): Notice {
  return notice(status, { id: idFrom(random), message });
}

function idFrom(random: Random): string {
  return [8, 4, 4, 4, 12].map((length) => random.hex(length)).join('-');
}
