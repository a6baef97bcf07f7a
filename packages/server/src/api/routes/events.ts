import type { HttpBindings } from '@hono/node-server';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';
import { matchFilters } from '../match-filters.js';
import { filterParameter, readFilterParameters } from '../parameters.js';
import { ProblemError } from '../problem.js';
import { problems } from '../schemas/responses.js';

const eventsRoute = createRoute({
  method: 'get',
  path: '/api/v1/events',
  tags: ['Calls'],
  summary: 'Calls as they are booked (server-sent events)',
  description:
    'Event `calls` has `{type, calls: CallRow[], omitted}`: the calls booked within the same quarter of a second, at most the latest 100 of them. Event `incident` has `{type, incident}`: an incident that was opened or has changed, whatever the filters. Event `heartbeat` comes every 15 seconds and once at the beginning. A subscriber that reads too slowly is disconnected. There is no replay: read /api/v1/calls for what came before.',
  request: { query: z.object({ filter: filterParameter }) },
  responses: {
    200: {
      description: 'The stream.',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    ...problems(400, 503),
  },
});

export function registerEventsRoute(app: OpenAPIHono, dependencies: RouteDependencies): void {
  const { events } = dependencies;

  app.openapi(eventsRoute, (context) => {
    const filters = readFilterParameters(context.req.valid('query').filter);
    if (events.isFull) {
      context.header('retry-after', '10');
      throw new ProblemError(
        503,
        'too_many_subscribers',
        'The live stream has as many subscribers as it takes. Close a dashboard tab or a tail and try again.',
      );
    }
    // Absent when no socket stands behind the request.
    const { outgoing } = (context.env ?? {}) as Partial<HttpBindings>;
    const stream = events.subscribe(
      (row) => matchFilters(row, filters),
      outgoing === undefined ? undefined : () => outgoing.destroy(),
    );
    return new Response(stream, {
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // Proxies such as nginx would otherwise collect the stream before passing it on.
        'x-accel-buffering': 'no',
      },
    }) as never;
  });
}
