import type { Reconciliation } from '@farthing/core';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import type { RouteDependencies } from '../dependencies.js';
import { limitParameter, readWindowParameters } from '../parameters.js';
import type { ReconciliationRequest } from '../ports.js';
import { problem } from '../problem.js';
import {
  reconciliationRequestSchema,
  reconciliationSchema,
  reconciliationsSchema,
} from '../schemas/reconciliation.js';
import { problems } from '../schemas/responses.js';

const path = '/api/v1/reconciliations';
/** A month of hours with many models and keys, as JSON. */
const largestReport = 256 * 1024 * 1024;

const listRoute = createRoute({
  method: 'get',
  path,
  tags: ['Reports'],
  summary: "The ledger against the providers' own reports",
  description:
    'Saved reconciliations, newest first, and by provider every day as its newest run saw it.',
  request: {
    query: z.object({ provider: z.string().max(256).optional(), limit: limitParameter(100, 10) }),
  },
  responses: {
    200: {
      description: 'Empty lists when nothing was reconciled yet.',
      content: { 'application/json': { schema: reconciliationsSchema } },
    },
    ...problems(400),
  },
});

const runRoute = createRoute({
  method: 'post',
  path,
  tags: ['Reports'],
  summary: "Compare a window with a provider's report, and save the result",
  request: {
    body: {
      required: true,
      content: { 'application/json': { schema: reconciliationRequestSchema } },
    },
  },
  responses: {
    200: {
      description: 'Compared and saved.',
      content: { 'application/json': { schema: reconciliationSchema } },
    },
    ...problems(400, 413, 503),
  },
});

export function registerReconciliationRoutes(
  app: OpenAPIHono,
  { reconciliations, now }: RouteDependencies,
): void {
  app.openapi(listRoute, async (context) => {
    const { provider, limit } = context.req.valid('query');
    const saved = (await reconciliations?.list()) ?? [];
    const wanted = saved.filter((one) => provider === undefined || one.provider === provider);
    return context.json(
      { reconciliations: wanted.slice(0, limit), latest: latestByProvider(wanted) },
      200,
    );
  });

  app.use(
    path,
    bodyLimit({
      maxSize: largestReport,
      onError: (context) =>
        problem(
          context,
          413,
          'body_too_large',
          'A report has at most 256 MB. Take a shorter window.',
        ),
    }),
  );
  app.openapi(runRoute, async (context) => {
    if (reconciliations === undefined) {
      const message = 'This control plane cannot reconcile: it has no journals to read.';
      return problem(context, 503, 'unavailable', message) as never;
    }
    const { since, until, ...rest } = context.req.valid('json');
    const window = readWindowParameters({ since, until }, now())!;
    // JSON cannot tell `field: undefined` from an absent one; the types can.
    const request = { ...rest, window } as ReconciliationRequest;
    return context.json(await reconciliations.run(request), 200);
  });
}

/** `saved` newest first. A day that was reconciled twice shows what its newer run says. */
function latestByProvider(saved: readonly Reconciliation[]) {
  const providers = [...new Set(saved.map((one) => one.provider))].sort();
  return providers.map((provider) => {
    const runs = saved.filter((one) => one.provider === provider);
    const newest = runs[0]!;
    const days = new Map<string, Reconciliation['days'][number] & RunReference>();
    for (const run of runs) {
      for (const day of run.days) {
        if (days.has(day.day)) continue;
        days.set(day.day, { ...day, reconciliation_id: run.id, ran_at: run.ran_at });
      }
    }
    return {
      provider,
      ran_at: newest.ran_at,
      reconciliation_id: newest.id,
      verdict: newest.verdict,
      accuracy: newest.accuracy,
      days: [...days.values()].sort((left, right) => (left.day < right.day ? -1 : 1)),
    };
  });
}

interface RunReference {
  reconciliation_id: string;
  ran_at: string;
}
