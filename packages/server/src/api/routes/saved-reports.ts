import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import {
  listSavedReports,
  ParameterError,
  removeSavedReport,
  saveReport,
} from '../../answers/index.js';
import type { RouteDependencies } from '../dependencies.js';
import { ProblemError } from '../problem.js';
import { savedReportSchema } from '../schemas/report.js';
import { problems } from '../schemas/responses.js';

const nameParameter = z.object({
  name: z.string().max(64).openapi({ example: 'weekly-by-feature' }),
});

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/reports',
  tags: ['Reports'],
  summary: 'Saved reports; `GET /api/v1/report?saved=<name>` asks for one',
  responses: {
    200: {
      description: 'By name.',
      content: {
        'application/json': { schema: z.object({ reports: z.array(savedReportSchema) }) },
      },
    },
  },
});

const saveRoute = createRoute({
  method: 'put',
  path: '/api/v1/reports/{name}',
  tags: ['Reports'],
  summary: 'Save a report under a name',
  request: {
    params: nameParameter,
    body: {
      required: true,
      content: { 'application/json': { schema: savedReportSchema.pick({ parameters: true }) } },
    },
  },
  responses: {
    200: {
      description: 'As it was saved.',
      content: { 'application/json': { schema: savedReportSchema } },
    },
    ...problems(400, 413, 415),
  },
});

const removeRoute = createRoute({
  method: 'delete',
  path: '/api/v1/reports/{name}',
  tags: ['Reports'],
  summary: 'Remove a saved report',
  request: { params: nameParameter },
  responses: { 204: { description: 'It is gone.' }, ...problems(404) },
});

export function registerSavedReportRoutes(
  app: OpenAPIHono,
  { dataDirectory, now }: RouteDependencies,
): void {
  app.openapi(listRoute, async (context) =>
    context.json({ reports: await listSavedReports(dataDirectory) }, 200),
  );
  app.openapi(saveRoute, async (context) => {
    const { parameters } = context.req.valid('json');
    const { name } = context.req.valid('param');
    const saved = await naming(400, () => saveReport(dataDirectory, name, parameters, now()));
    return context.json(saved, 200);
  });
  app.openapi(removeRoute, async (context) => {
    await naming(404, () => removeSavedReport(dataDirectory, context.req.valid('param').name));
    return context.body(null, 204);
  });
}

async function naming<Value>(status: 400 | 404, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ParameterError)) throw error;
    throw new ProblemError(status, error.code, error.message, error.field);
  }
}
