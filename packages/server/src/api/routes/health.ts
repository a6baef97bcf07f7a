import type { OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';

/** Open to probes: they tell how the process is, and nothing of what is in the books. */
export function registerHealthRoutes(app: OpenAPIHono, dependencies: RouteDependencies): void {
  const { store, ledger, version, metrics } = dependencies;

  app.get('/healthz', (context) => {
    context.header('cache-control', 'no-store');
    return context.json({ status: 'ok', version });
  });

  app.get('/readyz', async (context) => {
    const reasons: string[] = [];
    await store.positions().catch((error: unknown) => {
      reasons.push(`store: ${error instanceof Error ? error.message : String(error)}`);
    });
    try {
      const { stuck } = await ledger.status();
      if (stuck !== null) reasons.push(`ledger: ${stuck}`);
    } catch (error) {
      reasons.push(`ledger: ${error instanceof Error ? error.message : String(error)}`);
    }
    const ready = reasons.length === 0;
    context.header('cache-control', 'no-store');
    return context.json({ status: ready ? 'ready' : 'not ready', reasons }, ready ? 200 : 503);
  });

  app.get('/metrics', async (context) => {
    context.header('content-type', metrics.registry.contentType);
    return context.body(await metrics.registry.metrics());
  });
}
