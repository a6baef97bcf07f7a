import { costReport, usageReport } from './anthropic/organizations.js';
import type { BookedApi, Books } from './books.js';
import { notice, type Notice } from './exchange.js';
import { costsPage, usagePage } from './openai/organization.js';

/** The pages that show the books, in the vendors' shapes and whole; undefined for any other path. */
export function bookPages(
  books: Books,
  method: string,
  path: string,
  query: URLSearchParams,
  /** Milliseconds since the epoch: where a report without an end stops. */
  now: number,
): Notice | undefined {
  if (method !== 'GET') return undefined;
  switch (path) {
    case '/fake/books':
      return notice(200, books.report(query.get('key_id') ?? undefined), { indent: 2 });
    case '/v1/organization/usage/completions':
    case '/v1/organization/usage/embeddings':
    case '/v1/organization/usage/images':
    case '/v1/organization/usage/audio_speeches':
    case '/v1/organization/usage/audio_transcriptions':
    case '/v1/organization/usage/moderations':
      return usagePage(books, path.slice(path.lastIndexOf('/') + 1) as BookedApi, query, now);
    case '/v1/organization/costs':
      return costsPage(books, query, now);
    case '/v1/organizations/usage_report/messages':
      return usageReport(books, query, now);
    case '/v1/organizations/cost_report':
      return costReport(books, query, now);
    default:
      return undefined;
  }
}
