import type { CallRow } from '../report/call-row.js';
import type { CallSearch } from '../report/call-search.js';
import type { Query, QueryResult } from '../report/query.js';

/**
 * What an answer may ask of the books, wherever they are: sums and statistics over groups of calls, and
 * single calls. Whatever else an answer knows, it makes of these rows, so that every store that can tell
 * them can give every answer.
 */
export interface AnswerBooks {
  query(query: Query): Promise<QueryResult>;
  /** As `query` for each, where one pass over the calls can answer several; else they are asked one by one. */
  queryAll?(queries: readonly Query[]): Promise<QueryResult[]>;
  calls(search: CallSearch): Promise<CallRow[]>;
}

/** Results of the queries, in their order. */
export function queryAll(
  books: Pick<AnswerBooks, 'query' | 'queryAll'>,
  queries: readonly Query[],
): Promise<QueryResult[]> {
  return books.queryAll?.(queries) ?? Promise.all(queries.map((query) => books.query(query)));
}
