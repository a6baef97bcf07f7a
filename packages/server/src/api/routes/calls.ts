import { restate, type CallRow, type Entry } from '@farthing/core';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { CallSearch } from '../../store/store.js';
import type { RouteDependencies } from '../dependencies.js';
import { readEntriesAt, readJournalledEntry } from '../../ledger/index.js';
import {
  filterParameter,
  limitParameter,
  readFilterParameters,
  readWindowParameters,
  sinceParameter,
  untilParameter,
} from '../parameters.js';
import { ProblemError } from '../problem.js';
import { callDetailSchema, callPageSchema } from '../schemas/call.js';
import { restatedRow } from '../restated-row.js';
import { asChecked, asCheckedCost } from '../schemas/entry.js';
import { problems } from '../schemas/responses.js';

const callsRoute = createRoute({
  method: 'get',
  path: '/api/v1/calls',
  tags: ['Calls'],
  summary: 'Single calls, page by page',
  request: {
    query: z.object({
      since: sinceParameter,
      until: untilParameter,
      filter: filterParameter,
      order: z.enum(['newest', 'oldest', 'dearest']).default('newest'),
      limit: limitParameter(1000, 100),
      cursor: z.string().max(256).optional().openapi({
        description: '`next_cursor` of the previous page; the other parameters stay the same.',
      }),
    }),
  },
  responses: {
    200: {
      description: 'A page of calls.',
      content: { 'application/json': { schema: callPageSchema } },
    },
    ...problems(400),
  },
});

const callRoute = createRoute({
  method: 'get',
  path: '/api/v1/calls/{id}',
  tags: ['Calls'],
  summary: 'One call, with its entry as journalled and what was adjusted since',
  request: { params: z.object({ id: z.string().max(64) }) },
  responses: {
    200: {
      description: 'The call.',
      content: { 'application/json': { schema: callDetailSchema } },
    },
    ...problems(404),
  },
});

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function registerCallRoutes(app: OpenAPIHono, dependencies: RouteDependencies): void {
  const { store, dataDirectory, now } = dependencies;

  /** Of those that were adjusted, by id. */
  const restatedRows = async (calls: readonly CallRow[]) => {
    const ids = calls.filter(({ kind }) => kind === 'call').map(({ id }) => id);
    const found = await store.adjustments(ids);
    const places = [...found.values()]
      .flat()
      .map(({ row, position }) => ({ id: row.id, position }));
    const entries = await readEntriesAt(dataDirectory, places);
    return new Map(
      calls.map((call) => [
        call.id,
        restatedRow(
          call,
          (found.get(call.id) ?? []).map(({ row }) => ({ row, entry: entries.get(row.id) })),
        ),
      ]),
    );
  };

  app.openapi(callsRoute, async (context) => {
    const { order, limit, cursor, ...parameters } = context.req.valid('query');
    const window = readWindowParameters(parameters, now());
    const search: CallSearch = {
      order,
      // One more than asked for tells whether there is a next page.
      limit: Math.min(limit + 1, 1000),
      filters: readFilterParameters(parameters.filter),
      ...(window === undefined ? {} : { window }),
      ...(cursor === undefined ? {} : { after: readCursor(cursor) }),
    };
    const found = await store.calls(search);
    const calls = found.slice(0, limit);
    const more = found.length > limit || (limit === 1000 && found.length === 1000);
    const restated = await restatedRows(calls);
    return context.json(
      {
        calls: calls.map((call) => ({ ...call, restated: restated.get(call.id) ?? null })),
        next_cursor: more ? writeCursor(calls.at(-1)!) : null,
      },
      200,
    );
  });

  app.openapi(callRoute, async (context) => {
    const { id } = context.req.valid('param');
    const found = uuid.test(id) ? await store.call(id.toLowerCase()) : null;
    if (found === null) {
      throw new ProblemError(
        404,
        'call_not_found',
        `There is no call ${JSON.stringify(id)} in the books. A call appears within a second or so of its end.`,
        'id',
      );
    }
    const entry = await readJournalledEntry(dataDirectory, found.position, found.row.id);
    const rows = (await store.adjustments([found.row.id])).get(found.row.id) ?? [];
    const journalled = await readEntriesAt(
      dataDirectory,
      rows.map(({ row, position }) => ({ id: row.id, position })),
    );
    const adjustments = rows.map(({ row }) => ({
      call: row,
      entry: journalled.get(row.id) ?? null,
    }));
    return context.json(
      {
        call: found.row,
        entry: entry === null ? null : asChecked(entry),
        origin: found.position,
        adjustments: adjustments.map(({ call, entry: adjusting }) => ({
          call,
          entry: adjusting === null ? null : asChecked(adjusting),
        })),
        restated: restatedCost(entry, adjustments),
      },
      200,
    );
  });
}

/** Null when a part of it is no longer retained. */
function restatedCost(entry: Entry | null, adjustments: readonly { entry: Entry | null }[]) {
  if (entry === null) return null;
  const entries = adjustments.flatMap((adjustment) => adjustment.entry ?? []);
  return entries.length === adjustments.length ? asCheckedCost(restate(entry, entries).cost) : null;
}

/** Cursors are opaque to clients; inside they name the last row of the page. */
function writeCursor(row: CallRow): string {
  return Buffer.from(`${row.started_at} ${row.id}`).toString('base64url');
}

function readCursor(cursor: string): { started_at: string; id: string } {
  const [startedAt = '', id = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  if (Number.isNaN(Date.parse(startedAt)) || !uuid.test(id)) {
    throw new ProblemError(
      400,
      'invalid_cursor',
      'The cursor is not one that this API has given out. Pass `next_cursor` of the previous page unchanged.',
      'cursor',
    );
  }
  return { started_at: startedAt, id };
}
