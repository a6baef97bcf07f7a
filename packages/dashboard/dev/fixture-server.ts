/**
 * Development only: answers the control plane's routes from generated calls, so that the dashboard
 * can be worked on without a ledger. `npx tsx dev/fixture-server.ts --port 4242 --mode empty`.
 * Modes (`POST /fixture/mode/<name>`): normal, quiet, empty, error, slow, lagging. `POST /fixture/calls` books 5 calls.
 */
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type {
  Filter,
  LiveEvent,
  MissingPrice,
  Query,
  Reconciliation,
  Status,
  Window,
} from '@farthing/core';
import { adjustmentOf, restated } from './fixture-adjustments.js';
import { makeCall, makeHistory, type FixtureCall } from './fixture-calls.js';
import { budgetAnswer } from './fixture-budgets.js';
import { incidentAnswer } from './fixture-incidents.js';
import { answer, dimensionOf, matches } from './fixture-query.js';
import { priceView } from './fixture-prices.js';
import { makeReconciliation } from './fixture-reconciliation.js';
import { seededRandom } from './random.js';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '4242' },
    mode: { type: 'string', default: 'normal' },
    rate: { type: 'string', default: '0.3' },
    days: { type: 'string', default: '32' },
    incidents: { type: 'string', default: '7' },
  },
});

let mode = options.mode;
const startedAtMilliseconds = Date.now();
const startedAt = new Date(startedAtMilliseconds).toISOString();
const random = seededRandom(1936);
const history = withAdjustments(makeHistory(random, Date.now(), Number(options.days), 5000));
let calls: FixtureCall[] = mode === 'empty' ? [] : history;
let rows = calls.map(({ row }) => row);
const streams = new Set<ServerResponse>();

/** Every seventh call of a model whose price was corrected this morning. */
function withAdjustments(made: FixtureCall[]): FixtureCall[] {
  const recordedAt = new Date(Date.now() - 3_600_000).toISOString();
  const adjusted = made.filter(
    ({ row }, index) => row.model === 'gpt-4.1-nano' && row.cost_usd !== null && index % 7 === 0,
  );
  const adjustments = adjusted.map((call) => adjustmentOf(call, recordedAt));
  return [...made, ...adjustments].sort((left, right) =>
    left.row.started_at < right.row.started_at ? -1 : 1,
  );
}

function send(event: LiveEvent) {
  for (const stream of streams)
    stream.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

function book(count: number) {
  const fresh = Array.from({ length: count }, (_, index) =>
    makeCall(random, Date.now() - 300 + index),
  );
  calls.push(...fresh);
  rows.push(...fresh.map(({ row }) => row));
  send({ type: 'calls', calls: fresh.map(({ row }) => row), omitted: 0 });
}

setInterval(() => {
  if (mode === 'empty') return;
  const expected = Number(options.rate) / 2;
  const count = Math.floor(expected) + (random.chance(expected % 1) ? 1 : 0);
  if (count > 0) book(count);
}, 500);
setInterval(() => send({ type: 'heartbeat', now: new Date().toISOString() }), 5_000);

function status(): Status {
  const first = calls[0]?.row.started_at ?? null;
  const last = calls[calls.length - 1]?.row.started_at ?? null;
  return {
    version: '0.1.0',
    started_at: startedAt,
    now: new Date().toISOString(),
    data_directory: './farthing-data',
    store: {
      driver: 'duckdb',
      path: './farthing-data/ledger.duckdb',
      bytes: calls.length * 71,
      entries: calls.length,
      first_call_at: first,
      last_call_at: last,
    },
    journals: [
      {
        name: 'gateway',
        segments: 3,
        bytes: 48_213_004,
        booked_bytes: 48_213_004,
        unreadable_lines: 0,
        live: true,
      },
    ],
    disk: { free_bytes: 61_000_000_000, total_bytes: 100_000_000_000 },
    lag:
      mode === 'lagging' ? { bytes: 18_400_000, oldest_ms: 42_000 } : { bytes: 0, oldest_ms: null },
    unpriced_calls: calls.filter(
      ({ row }) => row.cost_usd === null && row.cost_status !== 'not_billed',
    ).length,
    unattributed_calls: calls.filter(({ row }) => row.tags.feature === undefined).length,
    price_book: 'genai-prices@0.1.8',
    prices: priceSources(),
    gateway: { reachable: mode !== 'lagging', url: 'http://127.0.0.1:4141', version: '0.1.0' },
  };
}

/** Where prices come from: all well, or one file that could not be read any more. */
function priceSources(): Status['prices'] {
  const source = (
    kind: Status['prices']['sources'][number]['kind'],
    name: string,
    rows: number,
    problem: string | null = null,
  ) => ({
    kind,
    name,
    book: name,
    state: problem === null ? ('ok' as const) : ('stale' as const),
    rows,
    loaded_at: startedAt,
    checked_at: startedAt,
    problem,
    problem_since: problem === null ? null : startedAt,
    acceptable: problem !== null,
    notes: [],
  });
  return {
    book: 'genai-prices@0.1.8 + farthing-overlay@2026-11 + prices/contract.yaml',
    changed_at: startedAt,
    problem: null,
    sources: [
      source('base', 'genai-prices@0.1.8', 1552),
      source('overlay', 'farthing-overlay@2026-11', 418),
      source(
        'file',
        'prices/contract.yaml',
        6,
        mode === 'lagging'
          ? 'rules[3].rates.input: "25O0" is not a decimal. Write it like "2.5"; the last good content stays in use.'
          : null,
      ),
    ],
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function json(response: ServerResponse, code: number, value: unknown) {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** `feature:checkout,search`, `model!:gpt-5`, `feature:` (not set). */
function readFilter(text: string): Filter {
  const [, dimension = '', not = '', list = ''] =
    /^(tag:[^:!]+|[^:!]+)(!?):(.*)$/s.exec(text) ?? [];
  const values = list.split(',').map((value) => (value === '' ? null : value));
  return { dimension: dimension as Filter['dimension'], op: not === '' ? 'in' : 'not_in', values };
}

function missingPrices(window: Window): MissingPrice[] {
  const found = answer(rows, {
    measures: ['unpriced_calls', 'tokens_input', 'tokens_output'],
    dimensions: ['provider', 'model', 'cost_status'],
    filters: [{ dimension: 'cost_status', op: 'not_in', values: ['priced', 'partial'] }],
    window,
  }).rows.filter((row) => Number(row['unpriced_calls']) > 0);
  return found.map((row) => {
    const [provider, model] = [String(row['provider']), String(row['model'])];
    const unknown = row['cost_status'] === 'unknown_model';
    return {
      provider,
      model,
      cost_status: row['cost_status'] as MissingPrice['cost_status'],
      calls: Number(row['unpriced_calls']),
      tokens_input: Number(row['tokens_input']),
      tokens_output: Number(row['tokens_output']),
      first_seen: calls.find((call) => call.row.model === model)?.row.started_at ?? null,
      last_seen: calls.findLast((call) => call.row.model === model)?.row.started_at ?? null,
      reasons: unknown ? [`model "${model}" (${provider}) is not in the price book`] : [],
      suggestion: model.startsWith('ft:') ? { provider: 'openai', model: 'gpt-4.1-mini' } : null,
      priced_now: false,
      snippet: unknown
        ? `prices:\n  rules:\n    - provider: ${provider}\n      model: ${model}\n      rates: { input: "…", output: "…" }   # USD per 1M tokens`
        : null,
      command: unknown
        ? `farthing prices set ${provider} ${model} --input … --output …\nfarthing reprice --since 30d`
        : null,
    };
  });
}

function searchCalls(parameters: URLSearchParams) {
  const limit = Number(parameters.get('limit') ?? 50);
  const window =
    parameters.has('since') && parameters.has('until')
      ? ({ from: parameters.get('since'), to: parameters.get('until') } as Window)
      : undefined;
  const filters = parameters.getAll('filter').map(readFilter);
  const found = rows.filter((row) => matches(row, filters, window)).toReversed();
  if (parameters.get('order') === 'dearest')
    found.sort((left, right) => Number(right.cost_usd ?? -1) - Number(left.cost_usd ?? -1));
  const after = parameters.get('cursor');
  const start = after === null ? 0 : found.findIndex((row) => row.id === after) + 1;
  const page = found.slice(start, start + limit).map((row) => {
    const adjustment = calls.find((call) => call.row.adjusts === row.id)?.entry.adjusts;
    const known = adjustment && {
      cost_usd: adjustment.usd_after,
      cost_status: adjustment.status_after,
      adjustments: 1,
    };
    return { ...row, restated: known ?? null };
  });
  const last = page[page.length - 1];
  return { calls: page, next_cursor: last && start + limit < found.length ? last.id : null };
}

/** Two providers, one of them reconciled twice; none of them before the first call. */
let runs: Reconciliation[] | null = null;
function reconciliations() {
  if (mode === 'empty') return { reconciliations: [], latest: [] };
  runs ??= [
    makeReconciliation(rows, 'openai', startedAtMilliseconds, 14),
    makeReconciliation(rows, 'openai', startedAtMilliseconds, 7),
    makeReconciliation(rows, 'anthropic', startedAtMilliseconds, 14),
  ];
  const latest = ['anthropic', 'openai'].map((provider) => {
    const run = runs!.find((each) => each.provider === provider)!;
    const days = run.days.map((day) => ({ ...day, reconciliation_id: run.id, ran_at: run.ran_at }));
    const { ran_at, verdict, accuracy } = run;
    return { provider, ran_at, reconciliation_id: run.id, verdict, accuracy, days };
  });
  return { reconciliations: runs, latest };
}

const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.html': 'text/html; charset=utf-8',
};

function asset(response: ServerResponse, path: string) {
  const root = fileURLToPath(new URL('../dist', import.meta.url));
  const wanted = join(root, path);
  const file = extname(path) !== '' && existsSync(wanted) ? wanted : join(root, 'index.html');
  response.writeHead(200, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    // As strict as the control plane's own.
    'content-security-policy':
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  });
  createReadStream(file).pipe(response);
}

async function handle(request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', 'http://fixture');
  const path = url.pathname;
  if (path.startsWith('/fixture/mode/')) {
    mode = path.slice('/fixture/mode/'.length);
    calls = mode === 'empty' ? [] : history;
    rows = calls.map(({ row }) => row);
    if (mode === 'error') for (const stream of streams) stream.destroy();
    return json(response, 200, { mode });
  }
  if (path === '/fixture/calls') {
    if (mode === 'empty') mode = 'normal';
    book(5);
    return json(response, 200, {});
  }
  if (!path.startsWith('/api/')) return asset(response, path);
  if (mode === 'error')
    return json(response, 503, {
      error: {
        code: 'store_unavailable',
        message:
          'The ledger is locked by another process (pid 812). Stop it, or start with another --data directory.',
      },
    });
  if (mode === 'slow' && !path.endsWith('/events'))
    await new Promise((wake) => setTimeout(wake, 3_000));
  if (path === '/api/v1/events') {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(
      `event: heartbeat\ndata: ${JSON.stringify({ type: 'heartbeat', now: new Date().toISOString() })}\n\n`,
    );
    streams.add(response);
    response.on('close', () => streams.delete(response));
    return;
  }
  if (path === '/api/v1/status') return json(response, 200, status());
  const ofBudgets = budgetAnswer(path, request.method ?? 'GET', mode === 'empty');
  if (ofBudgets !== undefined) return json(response, 200, ofBudgets);
  const ofIncidents: unknown = await incidentAnswer(
    path,
    url.searchParams,
    () => bodyOf(request),
    calls,
    mode === 'empty' || mode === 'quiet',
    (incident) => send({ type: 'incident', incident }),
    Number(options.incidents),
  );
  if (ofIncidents !== undefined) return json(response, 200, ofIncidents);
  if (path === '/api/v1/query')
    return json(response, 200, answer(rows, JSON.parse(await bodyOf(request)) as Query));
  if (path === '/api/v1/dimensions') {
    const recent = rows.slice(-2000);
    const names = [
      'feature',
      'user',
      'tenant',
      'segment',
      'agent',
      'route',
      'template_version',
      'run',
      'environment',
      'provider',
      'model',
      'tag:team',
    ];
    const dimensions = names.map((name) => ({
      name,
      kind: name.startsWith('tag:') ? 'custom' : name in (recent[0] ?? {}) ? 'call' : 'tag',
      has_data: recent.some((row) => dimensionOf(row, name) !== null),
    }));
    return json(response, 200, { dimensions });
  }
  if (path === '/api/v1/prices/missing') {
    const window = {
      from: url.searchParams.get('since') ?? '',
      to: url.searchParams.get('until') ?? '9',
    };
    return json(response, 200, { missing: missingPrices(window) });
  }
  const price = /^\/api\/v1\/prices\/([^/]+)\/([^/]+)$/.exec(path);
  if (price) {
    const [, provider, model] = price.map(decodeURIComponent);
    const view = priceView(
      provider!,
      model!,
      url.searchParams.get('at') ?? new Date().toISOString(),
    );
    if (view !== null) return json(response, 200, view);
    return json(response, 404, {
      error: {
        code: 'unknown_model',
        message: `The price book has no price for model "${model}" (${provider}).`,
      },
    });
  }
  if (path === '/api/v1/closings') {
    const closed = ['2026-09', '2026-10'].map((month) => ({
      month,
      as_of: `${month}-28T09:00:00.000Z`,
      closed_at: `${month}-28T09:00:00.000Z`,
      by: 'accounting',
    }));
    return json(response, 200, { closings: mode === 'empty' ? [] : closed });
  }
  if (path === '/api/v1/reconciliations') return json(response, 200, reconciliations());
  const values = /^\/api\/v1\/dimensions\/([^/]+)\/values$/.exec(path);
  if (values) {
    const name = decodeURIComponent(values[1] as string);
    return json(response, 200, {
      values: [...new Set(calls.map(({ row }) => dimensionOf(row, name)))],
    });
  }
  if (path === '/api/v1/calls') return json(response, 200, searchCalls(url.searchParams));
  const one = /^\/api\/v1\/calls\/([^/]+)$/.exec(path);
  const found = one && calls.find(({ row }) => row.id === one[1]);
  if (found)
    return json(response, 200, {
      call: found.row,
      entry: found.entry,
      origin: { journal: 'gateway', segment: 3, offset: 48_120 },
      adjustments: calls
        .filter(({ row }) => row.adjusts === found.row.id)
        .map(({ row, entry }) => ({ call: row, entry })),
      restated: restated(
        found,
        calls.find(({ row }) => row.adjusts === found.row.id),
      ),
    });
  return json(response, 404, { error: { code: 'not_found', message: `Nothing at ${path}.` } });
}

createServer((request, response) => {
  handle(request, response).catch((error: unknown) =>
    json(response, 500, { error: { code: 'internal', message: String(error) } }),
  );
}).listen(Number(options.port), '127.0.0.1', () =>
  process.stdout.write(`fixture: http://127.0.0.1:${options.port} (${calls.length} calls)\n`),
);
