import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  type Admissions,
  type ApiFamily,
  FarthingError,
  type Price,
  TagPolicy,
  type Tags,
} from '@farthing/core';
import type { Registry } from 'prom-client';
import { Pool } from 'undici';
import { uuidv7 } from 'uuidv7';
import { gatewayTokenProblem, type Config } from '../config/index.js';
import { acceptCall } from './accept-call.js';
import { BatchedWork } from './batched-work.js';
import { Connections } from './connections.js';
import { errorBody, type GatewayProblem } from './error-answers.js';
import type { GatewayContext, GatewayJournal } from './gateway-context.js';
import { createGatewayMetrics } from './gateway-metrics.js';
import { PromptAuditor } from './prompt-auditor.js';
import type { PromptPrefixer } from './prompt-prefixer.js';
import type { Provider } from './providers.js';
import { hasDotSegment, matchRoute } from './route.js';
import type { RunWatch } from './run-watch.js';
import { ServerHistories } from './server-histories.js';

export interface GatewayOptions {
  settings: Config['gateway'];
  providers: ReadonlyMap<string, Provider>;
  journal: GatewayJournal;
  price: Price;
  admissions: Admissions;
  /** Whether to name callers' keys (a hash) in the custom tag `key`, for budgets per key. Default: not. */
  namesKeys?: () => boolean;
  /** Which tags calls must have; none by default. */
  tagPolicy?: TagPolicy;
  /** Replaces what is personal in a call's tags by pseudonyms, in place. */
  protectTags: (tags: Tags) => void;
  defaultTags?: Readonly<Record<string, string>>;
  /** Takes prompts apart by source. Default: with the usual elements; null turns it off. */
  prompts?: PromptAuditor | null;
  /** Fingerprints the beginnings of prompts. Default: nothing does. */
  prefixes?: PromptPrefixer | null;
  /** Watches runs. Default: nobody does. */
  runs?: RunWatch | null;
  version: string;
  /** Adds the metrics of what stands behind the gateway to its own. */
  registerMetrics?: (registry: Registry) => void;
}

export interface Gateway {
  /** Starts listening. Rejects with `port_in_use` or `token_missing`. */
  listen(): Promise<{ host: string; port: number; url: string }>;
  /** Stops accepting, lets calls in flight finish until the deadline, then cuts and books them. */
  close(deadlineMilliseconds?: number): Promise<void>;
}

/** Headers beyond this are refused with 431; Node's own default is a quarter of it. */
const largestHeaders = 64 * 1024;

/** The data plane: relays calls to providers and books every one of them. Knows no database. */
export function createGateway(options: GatewayOptions): Gateway {
  const pools = new Map<string, Pool>();
  const metrics = createGatewayMetrics(options.journal, options.registerMetrics);
  const bookings = new BatchedWork();
  let stopping = false;
  const context: GatewayContext = {
    settings: options.settings,
    providers: options.providers,
    journal: options.journal,
    price: options.price,
    admissions: options.admissions,
    histories: new ServerHistories(),
    namesKeys: options.namesKeys ?? (() => false),
    metrics,
    prompts: options.prompts === undefined ? new PromptAuditor() : options.prompts,
    prefixes: options.prefixes ?? null,
    runs: options.runs ?? null,
    bookings,
    tagPolicy: options.tagPolicy ?? new TagPolicy([]),
    protectTags: options.protectTags,
    defaultTags: options.defaultTags ?? {},
    allowedBaggage: new Set(options.settings.baggage),
    dispatcher: ({ origin }) => pools.get(origin) ?? addPool(pools, origin),
    answerProblem,
  };

  const server = createServer(
    { maxHeaderSize: largestHeaders, keepAliveTimeout: 75_000, requestTimeout: 0, noDelay: true },
    (incoming, response) => {
      const url = incoming.url ?? '/';
      if (url === '/healthz') return answerJson(response, 200, { status: 'ok' });
      if (url === '/readyz') return answerReady(response, options.journal, stopping);
      if (url === '/metrics') return void answerMetrics(response, metrics);
      if (hasDotSegment(url)) return answerDotSegment(response, metrics);
      const route = matchRoute(incoming.method ?? 'GET', url, options.providers);
      if (route === null) return answerUnknownPath(response, options.providers, metrics);
      acceptCall(context, incoming, response, route);
    },
  );
  const connections = new Connections();
  connections.watch(server);
  server.on('clientError', answerClientError);
  server.on('upgrade', (_incoming, socket) => {
    socket.end(
      rawAnswer(
        501,
        'not_supported',
        'Farthing does not relay WebSockets yet. Call the provider directly.',
      ),
    );
  });

  return {
    listen: () => listen(server, options.settings),
    async close(deadlineMilliseconds = 30_000) {
      stopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Connections fall idle one by one as their calls end; clients would keep them open for minutes.
      const sweep = setInterval(() => server.closeIdleConnections(), 50);
      const deadline = setTimeout(() => server.closeAllConnections(), deadlineMilliseconds);
      await closed;
      clearInterval(sweep);
      clearTimeout(deadline);
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
      bookings.flush();
    },
  };
}

function addPool(pools: Map<string, Pool>, origin: string): Pool {
  // No limit on connections: a call that waits in a queue here would wait minutes behind long answers.
  const pool = new Pool(origin, { connections: null, pipelining: 1, connect: { timeout: 10_000 } });
  pools.set(origin, pool);
  return pool;
}

async function listen(server: Server, settings: Config['gateway']) {
  const problem = gatewayTokenProblem(settings);
  if (problem !== null) throw problem;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, settings)));
    server.listen(settings.port, settings.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { host: settings.host, port, url: `http://${settings.host}:${port}` };
}

function listenError(error: NodeJS.ErrnoException, settings: Config['gateway']): Error {
  if (error.code !== 'EADDRINUSE') return error;
  return new FarthingError(
    'port_in_use',
    `Port ${settings.port} is in use, perhaps by another Farthing. Stop that process, or choose another port with \`gateway.port\` or FARTHING_GATEWAY_PORT.`,
    { cause: error },
  );
}

function answerProblem(
  response: ServerResponse,
  family: ApiFamily,
  problem: GatewayProblem,
  callId: string,
): void {
  const body = errorBody(family, problem, callId);
  response.writeHead(problem.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-farthing-call-id': callId,
    'x-request-id': callId,
    'request-id': callId,
  });
  response.end(body);
}

function answerJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(value)}\n`);
}

function answerReady(response: ServerResponse, journal: GatewayJournal, stopping: boolean): void {
  if (stopping) return answerJson(response, 503, { status: 'stopping' });
  if (journal.failure === null) return answerJson(response, 200, { status: 'ready' });
  answerJson(response, 503, {
    status: 'journal_unwritable',
    reason: journal.failure.message,
    backlog_lines: journal.backlog,
  });
}

async function answerMetrics(
  response: ServerResponse,
  metrics: ReturnType<typeof createGatewayMetrics>,
): Promise<void> {
  response.writeHead(200, { 'content-type': metrics.contentType });
  response.end(await metrics.text());
}

function answerUnknownPath(
  response: ServerResponse,
  providers: ReadonlyMap<string, Provider>,
  metrics: GatewayContext['metrics'],
): void {
  metrics.refused('unknown_path');
  const prefixes = [...providers.keys()].map((prefix) => `/${prefix}/…`).join(', ');
  answerProblem(
    response,
    'openai',
    {
      status: 404,
      code: 'unknown_path',
      message: `No provider is configured for this path. Use ${prefixes}, /v1/… for OpenAI, or add the provider to farthing.yaml.`,
    },
    uuidv7(),
  );
}

function answerDotSegment(response: ServerResponse, metrics: GatewayContext['metrics']): void {
  metrics.refused('dot_segment');
  const message = 'Paths with "." or ".." segments are not passed on. Write the path without them.';
  answerProblem(response, 'openai', { status: 400, code: 'dot_segment', message }, uuidv7());
}

/** Requests that are not HTTP, or whose headers are too large, never reach a handler. */
function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  socket.end(
    error.code === 'HPE_HEADER_OVERFLOW'
      ? rawAnswer(
          431,
          'headers_too_large',
          `The request's headers are larger than ${largestHeaders} bytes. Shorten tags or baggage.`,
        )
      : rawAnswer(400, 'malformed_request', 'The request is not valid HTTP/1.1.'),
  );
}

function rawAnswer(status: number, code: string, message: string): string {
  const body = errorBody('openai', { status, code, message }, '');
  return `HTTP/1.1 ${status} ${code}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`;
}
