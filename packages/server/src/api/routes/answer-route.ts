import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import {
  AnswerParameters,
  ParameterError,
  type Answer,
  type AnswerParameter,
  type AnswerSources,
} from '../../answers/index.js';
import type { RouteDependencies } from '../dependencies.js';
import { ProblemError } from '../problem.js';
import { problems } from '../schemas/responses.js';

const longestText = 4096;
const mostRepetitions = 32;

/**
 * `GET /api/v1/<name>` of an answer. Its parameters come from the answer itself; the schema of what it
 * answers describes it in OpenAPI and is checked against the result's type.
 */
export function registerAnswer<Request, Result extends Schema['_output'], Schema extends z.ZodType>(
  app: OpenAPIHono,
  dependencies: RouteDependencies,
  answer: Answer<Request, Result>,
  schema: Schema,
): void {
  const declared = Object.entries(answer.parameters);
  const inPath = declared.filter(([, { argument }]) => argument === true);
  const inQuery = declared.filter(([, { argument }]) => argument !== true);
  const route = createRoute({
    method: 'get',
    path: `/api/v1/${answer.path ?? answer.name}`,
    tags: ['Answers'],
    summary: answer.summary,
    request: {
      query: z.object(Object.fromEntries(inQuery.map(described))),
      ...(inPath.length === 0
        ? {}
        : { params: z.object(Object.fromEntries(inPath.map(described))) }),
    },
    responses: {
      200: { description: answer.summary, content: { 'application/json': { schema } } },
      ...problems(400, 404),
    },
  });
  const sources = sourcesOf(dependencies);
  app.openapi(route, async (context) => {
    const texts = {
      ...(context.req.valid('query') as object),
      ...(inPath.length === 0 ? {} : context.req.param()),
    };
    const parameters = new AnswerParameters(answer.parameters, texts, dependencies.now());
    try {
      const result = await answer.build(sources, answer.read(parameters));
      return context.json(result as never, 200);
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error;
      throw new ProblemError(400, error.code, error.message, error.field);
    }
  });
}

function described([name, parameter]: [string, AnswerParameter]): [string, z.ZodType] {
  const { description, example, argument } = parameter;
  const standard = parameter.default === undefined ? '' : ` Default: ${parameter.default}.`;
  const words = `${description[0]!.toUpperCase()}${description.slice(1)}.${standard}`;
  const text = z.string().max(longestText);
  if (argument === true) return [name, text.openapi({ description: words })];
  if (parameter.repeatable === true) {
    const schema = z.union([text, z.array(text).max(mostRepetitions)]).optional();
    return [
      name,
      schema.openapi({
        type: 'array',
        items: { type: 'string' },
        description: `Repeatable. ${words}`,
        ...(example === undefined ? {} : { example: [example] }),
      }),
    ];
  }
  return [
    name,
    text.optional().openapi({ description: words, ...(example === undefined ? {} : { example }) }),
  ];
}

function sourcesOf(dependencies: RouteDependencies): AnswerSources {
  const { store, prices, budgets, driftThreshold, dataDirectory, now } = dependencies;
  return {
    books: store,
    prices: async () => prices.book(),
    budgets: async () => budgets,
    driftThreshold,
    dataDirectory,
    now,
  };
}
