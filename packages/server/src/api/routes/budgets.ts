import { FarthingError } from '@farthing/core';
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { BudgetAccess, StatedLimits } from '../../budgets/budget-access.js';
import type { RouteDependencies } from '../dependencies.js';
import { ProblemError } from '../problem.js';
import {
  acknowledgedSchema,
  acknowledgeSchema,
  breakerOrderSchema,
  breakersSchema,
  budgetListSchema,
  budgetViewSchema,
  byWhomSchema,
  decisionSchema,
  raisedSchema,
  raiseSchema,
  recordedSchema,
  setBudgetSchema,
  trippedSchema,
} from '../schemas/budgets.js';
import { problems } from '../schemas/responses.js';

const json = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } });
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true,
  content: json(schema),
});
const name = z.object({ name: z.string().max(64) });
const tags = ['Budgets'];

const listRoute = createRoute({
  method: 'get',
  path: '/api/v1/budgets',
  tags,
  summary: 'Budgets with what is spent and held of each',
  responses: {
    200: { description: 'All budgets.', content: json(budgetListSchema) },
    ...problems(503),
  },
});

const showRoute = createRoute({
  method: 'get',
  path: '/api/v1/budgets/{name}',
  tags,
  summary: 'One budget with its accounts, the fullest first',
  request: {
    params: name,
    query: z.object({ accounts: z.coerce.number().int().min(1).max(10_000).default(100) }),
  },
  responses: {
    200: { description: 'The budget.', content: json(budgetViewSchema) },
    ...problems(400, 404, 503),
  },
});

const setRoute = createRoute({
  method: 'put',
  path: '/api/v1/budgets',
  tags,
  summary: 'Set a budget; gateways take it up within two seconds',
  request: { body: body(setBudgetSchema) },
  responses: {
    200: { description: 'Recorded.', content: json(recordedSchema) },
    ...problems(400, 415, 503),
  },
});

const removeRoute = createRoute({
  method: 'delete',
  path: '/api/v1/budgets/{name}',
  tags,
  summary: 'Remove a budget',
  request: { params: name },
  responses: {
    200: { description: 'Recorded.', content: json(recordedSchema) },
    ...problems(404, 503),
  },
});

const pauseRoute = createRoute({
  method: 'post',
  path: '/api/v1/budgets/{name}/{order}',
  tags,
  summary: 'Pause a budget, which then counts and does not refuse, or resume it',
  request: {
    params: name.extend({ order: z.enum(['pause', 'resume']) }),
    body: body(byWhomSchema),
  },
  responses: {
    200: { description: 'Recorded.', content: json(recordedSchema) },
    ...problems(400, 404, 503),
  },
});

const raiseRoute = createRoute({
  method: 'post',
  path: '/api/v1/budgets/{name}/raise',
  tags,
  summary: 'Raise a budget for what is left of its window',
  request: { params: name, body: body(raiseSchema) },
  responses: {
    200: { description: 'Recorded, and until when it holds.', content: json(raisedSchema) },
    ...problems(400, 404, 503),
  },
});

const historyRoute = createRoute({
  method: 'get',
  path: '/api/v1/budgets/decisions',
  tags,
  summary: 'The latest decisions that refused, changed or warned, newest first',
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(1_000).default(100),
      budget: z.string().max(64).optional(),
      outcome: z.enum(['admitted', 'refused']).optional(),
    }),
  },
  responses: {
    200: {
      description: 'Decisions.',
      content: json(z.object({ decisions: z.array(decisionSchema) })),
    },
    ...problems(400, 503),
  },
});

const whyRoute = createRoute({
  method: 'get',
  path: '/api/v1/budgets/decisions/{call}',
  tags,
  summary: 'What was decided about a call: every account that was asked and what it said',
  request: { params: z.object({ call: z.string().max(64) }) },
  responses: {
    200: { description: 'The decision.', content: json(decisionSchema) },
    ...problems(404, 503),
  },
});

const acknowledgeRoute = createRoute({
  method: 'post',
  path: '/api/v1/budgets/acknowledgements',
  tags,
  summary: 'Confirm a refused call: the same request then passes once',
  request: { body: body(acknowledgeSchema) },
  responses: {
    200: { description: 'Confirmed.', content: json(acknowledgedSchema) },
    ...problems(400, 503),
  },
});

const breakersRoute = createRoute({
  method: 'get',
  path: '/api/v1/budgets/breakers',
  tags,
  summary: 'Circuit breakers, and which of them have tripped',
  responses: {
    200: { description: 'All breakers.', content: json(breakersSchema) },
    ...problems(503),
  },
});

const tripRoute = createRoute({
  method: 'post',
  path: '/api/v1/budgets/breakers/{name}/trip',
  tags,
  summary: 'Trip a breaker: it takes its next step',
  request: { params: name, body: body(breakerOrderSchema) },
  responses: {
    200: { description: 'Recorded, and until when it holds.', content: json(trippedSchema) },
    ...problems(400, 404, 503),
  },
});

const resetRoute = createRoute({
  method: 'post',
  path: '/api/v1/budgets/breakers/{name}/reset',
  tags,
  summary: 'Reset a breaker',
  request: { params: name, body: body(breakerOrderSchema) },
  responses: {
    200: { description: 'Recorded.', content: json(recordedSchema) },
    ...problems(400, 404, 503),
  },
});

export function registerBudgetRoutes(app: OpenAPIHono, dependencies: RouteDependencies): void {
  const desk = () => budgetsOf(dependencies);

  app.openapi(listRoute, async (context) => {
    const list = await desk().list();
    return context.json(list as unknown as z.output<typeof budgetListSchema>, 200);
  });

  app.openapi(setRoute, async (context) => {
    const { budget, by } = context.req.valid('json');
    return context.json(await asked(desk().set(budget, by)), 200);
  });

  // Before those with a name in their place.
  app.openapi(historyRoute, async (context) => {
    const decisions = await desk().history(context.req.valid('query'));
    return context.json({ decisions: decisions as z.output<typeof decisionSchema>[] }, 200);
  });

  app.openapi(whyRoute, async (context) => {
    const { call } = context.req.valid('param');
    const decision = await desk().why(call);
    if (decision !== null) {
      return context.json(decision as z.output<typeof decisionSchema>, 200);
    }
    throw new ProblemError(404, 'no_decision', noDecision(call));
  });

  app.openapi(acknowledgeRoute, async (context) => {
    const { token, by } = context.req.valid('json');
    return context.json(await asked(desk().acknowledge(token, by)), 200);
  });

  app.openapi(breakersRoute, async (context) => {
    return context.json({ breakers: await desk().breakers() }, 200);
  });

  app.openapi(showRoute, async (context) => {
    const { accounts } = context.req.valid('query');
    const view = await asked(desk().show(context.req.valid('param').name, accounts));
    return context.json(view as unknown as z.output<typeof budgetViewSchema>, 200);
  });

  app.openapi(tripRoute, async (context) => {
    const { by, ...order } = context.req.valid('json');
    const tripped = desk().trip(context.req.valid('param').name, order, by);
    return context.json(await asked(tripped), 200);
  });

  app.openapi(resetRoute, async (context) => {
    const { by, ...order } = context.req.valid('json');
    const reset = desk().reset(context.req.valid('param').name, order, by);
    return context.json(await asked(reset), 200);
  });

  app.openapi(raiseRoute, async (context) => {
    const { by, account, ...stated } = context.req.valid('json');
    const raise =
      'to' in stated
        ? { to: stated.to as StatedLimits }
        : { by: (stated as { add: unknown }).add as StatedLimits };
    const raised = desk().raise(context.req.valid('param').name, raise, by, account);
    return context.json(await asked(raised), 200);
  });

  app.openapi(pauseRoute, async (context) => {
    const { name: budget, order } = context.req.valid('param');
    const { by } = context.req.valid('json');
    const done = order === 'pause' ? desk().pause(budget, by) : desk().resume(budget, by);
    return context.json(await asked(done), 200);
  });

  app.openapi(removeRoute, async (context) => {
    return context.json(await asked(desk().remove(context.req.valid('param').name, 'api')), 200);
  });
}

/** What is said about a call of which no decision is on record. */
export function noDecision(call: string): string {
  return `No decision about call ${call} is on record: budgets let it pass as it was and had nothing to say, it never came this way, or it is too long ago.`;
}

/** Throws `budgets_unavailable` where this process has no data directory to keep them in. */
export function budgetsOf({ budgets }: RouteDependencies): BudgetAccess {
  if (budgets !== undefined) return budgets;
  throw new ProblemError(503, 'budgets_unavailable', 'This control plane keeps no budgets.');
}

/** Gives what is not there, and what cannot be written, an HTTP status of its own. */
export async function asked<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!FarthingError.isInstance(error)) throw error;
    const { code, message } = error;
    if (code.startsWith('unknown_')) throw new ProblemError(404, code, message);
    if (code === 'budgets_unwritable') throw new ProblemError(503, code, message);
    throw error;
  }
}
