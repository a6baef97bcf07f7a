import { costReport, usageReport } from './anthropic/organizations.js';
import type { Books } from './books.js';
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
      return usagePage(books, 'completions', query, now);
    case '/v1/organization/usage/embeddings':
      return usagePage(books, 'embeddings', query, now);
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
