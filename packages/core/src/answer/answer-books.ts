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
  calls(search: CallSearch): Promise<CallRow[]>;
}
