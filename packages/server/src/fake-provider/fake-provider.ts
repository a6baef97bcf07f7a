import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { Books, type ProviderName } from './books.js';
import { deliver } from './delivery.js';
import { parseFault, readDirectives, type Fault } from './directives.js';
import { notice, type Exchange, type Notice } from './exchange.js';
import { apiKeyOf, isAccepted, keyIdOf } from './identity.js';
import { isObject, textAt, type JsonObject } from './json.js';
import type { Latency } from './latency.js';
import { manners } from './manners.js';
import { PrefixCache } from './prefix-cache.js';
import { Random, hash32 } from './random.js';
import { ReceivedRequests, type ReceivedRequest } from './received.js';
import { readForm } from './read-form.js';
import { findRoute, providerOf } from './routes.js';
import { Repetitions } from './repetitions.js';
import { bookPages } from './book-pages.js';

export interface FakeProviderOptions {
  /** Default `127.0.0.1`. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** Everything random follows from it. Default `farthing`. */
  seed?: string | number;
  /** Default `none`. */
  latency?: Latency;
  /** Faults at random: share of requests (0 to 1) by fault name or status, e.g. `{ '429': 0.02, cut: 0.01 }`. */
  faults?: Record<string, number>;
  /** Milliseconds since the epoch. Default: the system's clock. */
  now?: () => number;
}

export interface FakeProvider {
  /** Base address without a slash at its end; the providers' own paths follow, with or without a mount such as `/openai`. */
  url: string;
  port: number;
  /** What was billed. `books.report()` is what GET /fake/books serves. */
  books: Books;
  /** The last requests that arrived, without bodies and keys. */
  received(): ReceivedRequest[];
  close(): Promise<void>;
}

/** Requests larger than this are refused with 413, as the vendors do at 20 to 50 MB. */
const largestBody = 50 * 1024 * 1024;
const seededEpoch = Date.UTC(2026, 0, 1);
const day = 86_400_000;

/**
 * Starts a provider that answers as OpenAI, Anthropic and Gemini do (and Cohere's rerank), at no charge and without a
 * network, and keeps books of what it would have billed.
 *
 * Rejects with the system's error when the address is taken.
 */
export async function startFakeProvider(options: FakeProviderOptions = {}): Promise<FakeProvider> {
  const host = options.host ?? '127.0.0.1';
  const state = new ProviderState(options);
  const server = createServer((request, response) => {
    state.answer(request, response).catch((error: unknown) => {
      // A client that vanishes while it sends its request ends here too, and needs no answer.
      if (response.destroyed || response.headersSent) response.destroy();
      else
        send(response, notice(500, { error: { message: `The fake provider failed: ${error}` } }));
    });
  });
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    books: state.books,
    received: () => state.received.list(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

class ProviderState {
  readonly books = new Books();
  readonly received = new ReceivedRequests();
  readonly #cache = new PrefixCache();
  readonly #repetitions = new Repetitions();
  readonly #seed: string;
  readonly #latency: Latency;
  readonly #faults: [fault: Fault, rate: number][];
  readonly #now: () => number;
  #requests = 0;

  constructor(options: FakeProviderOptions) {
    this.#seed = String(options.seed ?? 'farthing');
    this.#latency = options.latency ?? 'none';
    this.#now = options.now ?? Date.now;
    this.#faults = Object.entries(options.faults ?? {}).map(([name, rate]) => {
      const fault = parseFault(name);
      if (fault === undefined) throw new RangeError(`faults.${name}: no such fault`);
      return [fault, rate];
    });
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', headers } = request;
    const [pathname = '/', search] = (request.url ?? '/').split('?', 2);
    const query = new URLSearchParams(search);
    const { mount, path } = unmount(pathname);
    const body = await readBody(request);
    this.received.add(method, pathname, headers, body ?? Buffer.alloc(0));
    if (path === '/fake/health') return send(response, notice(200, { status: 'ok' }));

    const provider = findRoute(method, path)?.provider ?? providerOf(mount, path, headers);
    const manner = manners[provider];
    const random = new Random(`${this.#seed} request ${++this.#requests}`);
    const refuse = (refusal: Notice): void => {
      this.books.reject(provider, String(refusal.status));
      send(response, refusal);
    };
    const page = bookPages(this.books, method, path, query, this.#now());
    if (page !== undefined && path.startsWith('/fake/')) return send(response, page);
    const key = apiKeyOf(headers, query);
    if (!isAccepted(key)) return refuse(manner.unauthorized(key, random));
    if (page !== undefined) return send(response, page);
    const route = findRoute(method, path);
    if (route === undefined) return refuse(manner.notFound(method, pathname, random));
    if (body === null) return refuse(manner.tooLarge(random));
    const plain = decompressed(body, headers['content-encoding']);
    const form = await readForm(headers['content-type'], plain);
    const parsed = form?.fields ?? (method === 'POST' ? parseJson(plain) : {});
    if (parsed === undefined) return refuse(manner.badJson(random));

    const directives = readDirectives(headers, parsed);
    directives.fault ??= this.#randomFault(random);
    if (directives.fault?.kind === 'drop') {
      this.books.reject(provider, 'drop');
      request.socket.destroy();
      return;
    }
    if (directives.fault?.kind === 'status') {
      const model = route.model ?? textAt(parsed, 'model') ?? 'unknown';
      const seeded = directives.seed === undefined ? random : new Random(directives.seed);
      return refuse(manner.fault(directives.fault.status, model, seeded));
    }
    const exchange: Exchange = {
      provider,
      method,
      path,
      query,
      headers,
      keyId: keyIdOf(provider, key),
      body: parsed,
      files: form?.files ?? new Map(),
      directives,
      now: this.#now(),
      createdAt:
        directives.seed === undefined
          ? this.#now()
          : seededEpoch + (hash32(directives.seed) % (300 * day)),
      cache: this.#cache,
      randomFor: (model, content) => this.#randomFor(provider, directives.seed, model, content),
    };
    const reply = route.handler(exchange);
    if (reply.kind === 'notice') {
      if (reply.status >= 400) return refuse(reply);
      return send(response, reply);
    }
    await deliver(response, reply, directives, this.#latency, this.books);
  }

  #randomFor(
    provider: ProviderName,
    seed: string | undefined,
    model: string,
    content: string,
  ): Random {
    if (seed !== undefined) return new Random(`${provider}\n${model}\n${seed}`);
    const question = `${provider}\n${model}\n${hash32(content)}\n${hash32(content, 1)}`;
    return new Random(`${this.#seed}\n${question}\n${this.#repetitions.next(question)}`);
  }

  #randomFault(random: Random): Fault | undefined {
    const roll = random.next();
    let passed = 0;
    for (const [fault, rate] of this.#faults) {
      passed += rate;
      if (roll < passed) return fault;
    }
    return undefined;
  }
}

/** `/openai/v1/models` → mount `openai`, path `/v1/models`; so one address can stand for all. */
function unmount(pathname: string): { mount: ProviderName | undefined; path: string } {
  const match = /^\/(openai|anthropic|gemini|cohere)(\/.*)$/.exec(pathname);
  return match?.[2] === undefined
    ? { mount: undefined, path: pathname }
    : { mount: match[1] as ProviderName, path: match[2] };
}

/** The whole body, or null when it is larger than this provider takes. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= largestBody) chunks.push(chunk);
  }
  return bytes > largestBody ? null : Buffer.concat(chunks);
}

/** Vendors take compressed requests; what does not decompress is no JSON either. */
function decompressed(body: Buffer, encoding: string | undefined): Buffer {
  const decode = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync }[
    encoding ?? ''
  ];
  try {
    return decode?.(body, { maxOutputLength: largestBody }) ?? body;
  } catch {
    return body;
  }
}

function parseJson(body: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, reply: Notice): void {
  const bytes = Buffer.from(JSON.stringify(reply.body, null, reply.indent));
  response.writeHead(reply.status, {
    'content-type': 'application/json',
    'content-length': String(bytes.length),
    ...reply.headers,
  });
  response.end(bytes);
}
