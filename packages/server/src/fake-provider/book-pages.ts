import type { Books } from './books.js';
import { notice, type Notice } from './exchange.js';

/** The pages that show the books; undefined for any other path. Times in milliseconds since the epoch. */
export function bookPages(
  books: Books,
  method: string,
  path: string,
  query: URLSearchParams,
  _now: number,
): Notice | undefined {
  if (path === '/fake/books' && method === 'GET') {
    return notice(200, books.report(query.get('key_id') ?? undefined), { indent: 2 });
  }
  return undefined;
}
