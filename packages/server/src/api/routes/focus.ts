import {
  asOfClosing,
  focusCsvHeader,
  focusCsvLine,
  FocusExport,
  readFocusTags,
  type Entry,
  type FocusOptions,
} from '@farthing/core';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';
import { focusRows } from '../../focus/index.js';
import { readBookedEntries } from '../../ledger/index.js';
import {
  asOfParameter,
  naming,
  readAsOfParameter,
  readWindowParameters,
  sinceParameter,
  untilParameter,
} from '../parameters.js';
import { problems } from '../schemas/responses.js';
import { streamText } from '../stream-text.js';

const focusRoute = createRoute({
  method: 'get',
  path: '/api/v1/export/focus.csv',
  tags: ['Calls'],
  summary: 'Cost and usage as a dataset of FOCUS 1.2 (CSV)',
  description:
    'Streams a row for each charge of the booked calls and adjustments, or one an hour for equal charges. The sum of BilledCost is the cost that reports show for the same window. Calls of unknown cost are left out: a row’s cost must not be null.',
  request: {
    query: z.object({
      since: sinceParameter,
      until: untilParameter,
      as_of: asOfParameter,
      aggregate: z.enum(['none', 'hour']).default('none').openapi({
        description: 'hour: charges of one hour that differ only in quantity share a row.',
      }),
      tags: z.string().max(4096).optional().openapi({
        description: 'Tags to keep in the Tags column, comma-separated. Default: all of a call’s.',
        example: 'feature,tenant,tag:team',
      }),
    }),
  },
  responses: {
    200: {
      description: 'RFC 4180, with a header line. Null is an empty field.',
      content: { 'text/csv': { schema: z.string() } },
    },
    ...problems(400),
  },
});

export function registerFocusRoute(app: OpenAPIHono, dependencies: RouteDependencies): void {
  const { dataDirectory, store, now } = dependencies;

  app.openapi(focusRoute, async (context) => {
    const { aggregate, tags, as_of: known, ...ends } = context.req.valid('query');
    const window = readWindowParameters(ends, now());
    const asOf = await readAsOfParameter(known, now(), async () =>
      asOfClosing(window, (await dependencies.corrections?.closings()) ?? []),
    );
    const options: FocusOptions = {
      aggregate,
      ...(asOf === undefined ? {} : { asOf }),
      ...(tags === undefined ? {} : { tags: naming('tags', () => readFocusTags(tags)) }),
    };
    const entries = readBookedEntries(dataDirectory, store, window);
    return streamText(csv(entries, options), {
      contentType: 'text/csv; charset=utf-8',
      fileName: 'farthing-focus.csv',
    }) as never;
  });
}

async function* csv(entries: AsyncIterable<Entry>, options: FocusOptions): AsyncGenerator<string> {
  yield focusCsvHeader();
  for await (const rows of focusRows(entries, new FocusExport(options))) {
    yield rows.map(focusCsvLine).join('');
  }
}
