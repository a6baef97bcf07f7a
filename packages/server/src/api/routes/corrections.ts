import {
  FarthingError,
  parseMoment,
  parseWindow,
  type Entry,
  type RepriceSummary,
} from '@farthing/core';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { stream } from 'hono/streaming';
import type { Corrections, RepriceRequest } from '../../reprice/index.js';
import type { RouteDependencies } from '../dependencies.js';
import { ProblemError, problemBody } from '../problem.js';
import {
  repriceRequestSchema,
  repriceSummarySchema,
  statedAmountSchema,
} from '../schemas/corrections.js';
import { asChecked, entrySchema } from '../schemas/entry.js';
import { problems } from '../schemas/responses.js';

const lines = 'application/x-ndjson';

const repriceRoute = createRoute({
  method: 'post',
  path: '/api/v1/reprice',
  tags: ['Corrections'],
  summary: 'Price booked calls again, and book what changed',
  description: `A booked entry never changes: what costs something else now gets an adjusting entry. A second time books nothing. With the header "accept: ${lines}" the answer is one line of progress after another (\`{"progress": {…}}\`) and at last \`{"summary": {…}}\`, or \`{"error": {…}}\`.`,
  request: {
    body: { required: true, content: { 'application/json': { schema: repriceRequestSchema } } },
  },
  responses: {
    200: {
      description: 'What changed, or would change.',
      content: {
        'application/json': { schema: repriceSummarySchema },
        [lines]: { schema: z.string() },
      },
    },
    ...problems(400, 415, 503),
  },
});

const adjustmentRoute = createRoute({
  method: 'post',
  path: '/api/v1/adjustments',
  tags: ['Corrections'],
  summary: 'Book an amount that belongs to no single call',
  description:
    'A credit, a refund, the difference to an invoice. It stands in reports at its time.',
  request: {
    body: { required: true, content: { 'application/json': { schema: statedAmountSchema } } },
  },
  responses: {
    201: {
      description: 'The adjusting entry, booked.',
      content: { 'application/json': { schema: entrySchema } },
    },
    ...problems(400, 415, 503),
  },
});

export function registerCorrectionRoutes(app: OpenAPIHono, dependencies: RouteDependencies): void {
  const { now } = dependencies;

  app.openapi(repriceRoute, async (context) => {
    const corrections = writable(dependencies);
    const {
      since,
      until,
      dry_run: dryRun,
      by = 'api',
      reread,
      ...rest
    } = context.req.valid('json');
    const window = parseWindow({ since, until }, now())!;
    const request: RepriceRequest = {
      ...rest,
      window,
      by,
      dryRun: dryRun ?? false,
      reread: reread ?? false,
    };
    if (!(context.req.header('accept') ?? '').includes(lines)) {
      return context.json(await corrections.reprice(request), 200);
    }
    context.header('content-type', lines);
    return stream(context, async (output) => {
      const say = (line: object) => output.write(`${JSON.stringify(line)}\n`);
      let summary: RepriceSummary;
      try {
        summary = await corrections.reprice(request, (progress) => void say({ progress }));
      } catch (error) {
        await say(explain(error, dependencies));
        return;
      }
      await say({ summary });
    }) as never;
  });

  app.openapi(adjustmentRoute, async (context) => {
    const corrections = writable(dependencies);
    const { at, why, by = 'api', model, tags, ...amount } = context.req.valid('json');
    const entry: Entry = await corrections.state({
      ...amount,
      at: parseMoment(at, now()),
      model: model ?? null,
      tags: (tags ?? {}) as Entry['tags'],
      reason: why,
      by,
    });
    return context.json(asChecked(entry), 201);
  });
}

/** Throws a problem where this control plane has no journal to write to. */
export function writable({ corrections }: RouteDependencies): Corrections {
  if (corrections !== undefined) return corrections;
  throw new ProblemError(503, 'read_only', 'This control plane has no journal to write to.');
}

function explain(error: unknown, { onError }: RouteDependencies): object {
  if (FarthingError.isInstance(error)) return problemBody(error.code, error.message);
  onError?.(error as Error, { method: 'POST', path: '/api/v1/reprice' });
  return problemBody(
    'internal_error',
    'Pricing again failed; the log says why. What was booked stays, and a second run goes on from there.',
  );
}
