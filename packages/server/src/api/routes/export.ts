import type { Entry } from '@farthing/core';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';
import { readBookedEntries } from '../../ledger/index.js';
import { readWindowParameters, sinceParameter, untilParameter } from '../parameters.js';
import { problems } from '../schemas/responses.js';
import { streamText } from '../stream-text.js';

const exportRoute = createRoute({
  method: 'get',
  path: '/api/v1/export.jsonl',
  tags: ['Calls'],
  summary: 'The ledger entries as JSON lines, one `llm.cost.tracked` event each',
  description:
    'Streams what the retained journals hold, each booked entry once, in the order of writing. Posting the result to /api/v1/entries of another Farthing books the same entries there.',
  request: { query: z.object({ since: sinceParameter, until: untilParameter }) },
  responses: {
    200: {
      description: 'One Entry per line.',
      content: { 'application/x-ndjson': { schema: z.string() } },
    },
    ...problems(400),
  },
});

export function registerExportRoute(app: OpenAPIHono, dependencies: RouteDependencies): void {
  const { dataDirectory, store, now } = dependencies;

  app.openapi(exportRoute, (context) => {
    const window = readWindowParameters(context.req.valid('query'), now());
    const entries = readBookedEntries(dataDirectory, store, window);
    return streamText(jsonLines(entries), {
      contentType: 'application/x-ndjson',
      fileName: 'farthing-export.jsonl',
    }) as never;
  });
}

async function* jsonLines(entries: AsyncIterable<Entry>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`;
}
