import { statfs } from 'node:fs/promises';
import type { Status } from '@farthing/core';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { RouteDependencies } from '../dependencies.js';
import { statusSchema } from '../schemas/status.js';

const statusRoute = createRoute({
  method: 'get',
  path: '/api/v1/status',
  tags: ['Operations'],
  summary: 'What runs, where data lies, how far the books are behind',
  responses: {
    200: {
      description: 'The status.',
      content: { 'application/json': { schema: statusSchema } },
    },
  },
});

export function registerStatusRoute(app: OpenAPIHono, dependencies: RouteDependencies): void {
  app.openapi(statusRoute, async (context) => context.json(await readStatus(dependencies), 200));
}

async function readStatus(dependencies: RouteDependencies): Promise<Status> {
  const { store, ledger, dataDirectory } = dependencies;
  const [summary, gaps, booking, disk, gateway] = await Promise.all([
    store.summary(),
    store.query({ measures: ['unpriced_calls', 'unattributed_calls'] }),
    ledger.status(),
    statfs(dataDirectory),
    probeGateway(dependencies.gatewayUrl),
  ]);
  const prices = dependencies.prices.status();
  return {
    version: dependencies.version,
    started_at: dependencies.startedAt,
    now: dependencies.now().toISOString(),
    data_directory: dataDirectory,
    store: summary,
    journals: booking.journals,
    disk: { free_bytes: disk.bavail * disk.bsize, total_bytes: disk.blocks * disk.bsize },
    lag: booking.lag,
    unpriced_calls: Number(gaps.rows[0]?.['unpriced_calls'] ?? 0),
    unattributed_calls: Number(gaps.rows[0]?.['unattributed_calls'] ?? 0),
    price_book: prices.book,
    prices,
    gateway,
  };
}

/** Asks the gateway how it is, from here: a browser on another machine may not reach it. */
async function probeGateway(url: string | undefined): Promise<Status['gateway']> {
  if (url === undefined) return { reachable: false, url: null, version: null };
  try {
    const response = await fetch(new URL('/healthz', url), { signal: AbortSignal.timeout(1000) });
    const body: unknown = await response.json().catch(() => null);
    const version =
      typeof body === 'object' && body !== null && 'version' in body ? String(body.version) : null;
    return { reachable: response.ok, url, version };
  } catch {
    return { reachable: false, url, version: null };
  }
}
