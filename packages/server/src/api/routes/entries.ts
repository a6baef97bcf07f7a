import type { Entry } from '@farthing/core';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import type { RouteDependencies } from '../dependencies.js';
import { readEntries } from '../read-entries.js';
import { readText } from '../read-text.js';
import { problem } from '../problem.js';
import { entrySchema } from '../schemas/entry.js';
import { problems } from '../schemas/responses.js';

const path = '/api/v1/entries';
const largestBody = 10 * 1024 * 1024;

const entriesRoute = createRoute({
  method: 'post',
  path,
  tags: ['Calls'],
  summary: 'Add entries to the journal',
  description: `Takes ledger entries as JSON lines or as one JSON array, at most ${largestBody / 1024 / 1024} MB, gzipped or not. Nothing is taken unless every entry is right. Entries whose id is in the books are left alone, so that a repeated request changes nothing. The answer 202 means: on stable storage, booked within a second or so.`,
  request: {
    query: z.object({
      dry_run: z.enum(['true', 'false']).optional().openapi({
        description: 'true: check and count, but append nothing.',
      }),
    }),
    body: {
      required: true,
      content: {
        'application/x-ndjson': { schema: z.string() },
        'application/json': { schema: z.array(entrySchema) },
      },
    },
  },
  responses: {
    202: {
      description: 'All entries are in the journal or were in the books before.',
      content: {
        'application/json': {
          schema: z
            .object({ accepted: z.number().int(), already_booked: z.number().int() })
            .openapi('EntriesAccepted'),
        },
      },
    },
    ...problems(400, 413, 415, 503),
  },
});

export function registerEntriesRoute(app: OpenAPIHono, dependencies: RouteDependencies): void {
  const { store, appendEntries } = dependencies;
  app.openAPIRegistry.registerPath(entriesRoute);

  app.post(
    path,
    bodyLimit({
      maxSize: largestBody,
      onError: (context) =>
        problem(
          context,
          413,
          'body_too_large',
          `At most ${largestBody / 1024 / 1024} MB in one request. Send the entries in several.`,
        ),
    }),
    async (context) => {
      if (appendEntries === undefined) {
        return problem(context, 503, 'read_only', 'This control plane has no journal to write to.');
      }
      const isArray = context.req.header('content-type')?.startsWith('application/json') ?? false;
      const entries = readEntries(
        await readText(context.req.raw, largestBody),
        isArray ? 'array' : 'lines',
      );
      const fresh = await notBooked(entries, (ids) => store.locate(ids));
      const dryRun = context.req.query('dry_run') === 'true';
      if (fresh.length > 0 && !dryRun) await appendEntries(fresh);
      return context.json(
        { accepted: fresh.length, already_booked: entries.length - fresh.length },
        202,
      );
    },
  );
}

/** Entries that are not in the books, each id once: a request may repeat itself, too. */
async function notBooked(
  entries: Entry[],
  locate: (ids: string[]) => Promise<Map<string, unknown>>,
): Promise<Entry[]> {
  const byId = new Map<string, Entry>();
  for (const entry of entries) if (!byId.has(entry.id)) byId.set(entry.id, entry);
  const ids = [...byId.keys()];
  for (let start = 0; start < ids.length; start += 10_000) {
    const booked = await locate(ids.slice(start, start + 10_000));
    for (const id of booked.keys()) byId.delete(id);
  }
  return [...byId.values()];
}
