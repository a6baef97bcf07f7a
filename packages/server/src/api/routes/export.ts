import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';
import { readBookedEntries } from '../../ledger/index.js';
import { readWindowParameters, sinceParameter, untilParameter } from '../parameters.js';
import { problems } from '../schemas/responses.js';

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

const chunkCharacters = 64 * 1024;

export function registerExportRoute(app: OpenAPIHono, dependencies: RouteDependencies): void {
  const { dataDirectory, store, now } = dependencies;

  app.openapi(exportRoute, (context) => {
    const window = readWindowParameters(context.req.valid('query'), now());
    const entries = readBookedEntries(dataDirectory, store, window);
    const encoder = new TextEncoder();
    // Pulled, not pushed: the client's speed is the speed at which journals are read.
    const stream = new ReadableStream<Uint8Array>({
      async pull(controller) {
        let text = '';
        while (text.length < chunkCharacters) {
          const { done, value } = await entries.next();
          if (done === true) {
            if (text !== '') controller.enqueue(encoder.encode(text));
            controller.close();
            return;
          }
          text += `${JSON.stringify(value)}\n`;
        }
        controller.enqueue(encoder.encode(text));
      },
      async cancel() {
        await entries.return(undefined);
      },
    });
    return new Response(stream, {
      headers: {
        'content-type': 'application/x-ndjson',
        'cache-control': 'no-store',
        'content-disposition': 'attachment; filename="farthing-export.jsonl"',
      },
    }) as never;
  });
}
