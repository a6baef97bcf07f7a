import type { OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from './dependencies.js';
import { newApp } from './new-app.js';
import { registerRoutes } from './routes/index.js';

/** The OpenAPI 3.1 description, made from the very schemas that check requests. */
export function openApiDocument(app: OpenAPIHono, version: string) {
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Farthing control plane',
      version,
      description:
        'Reports over the ledger of LLM calls. Money is an exact decimal string in USD; times are ISO 8601 in UTC; fields are snake_case. Errors are {error: {code, message, field?}}.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:4142' }],
  });
}

/** The text of docs/openapi.json. Routes are only described here, never called, so nothing stands behind them. */
export function writeOpenApiText(version: string): string {
  const app = newApp();
  registerRoutes(app, {} as RouteDependencies);
  return `${JSON.stringify(openApiDocument(app, version), null, 2)}\n`;
}
