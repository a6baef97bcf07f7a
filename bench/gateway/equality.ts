import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { bodies, type BodyName } from './scenarios.js';
import type { Running, Target } from './targets/target.js';
import type { Upstream } from './upstream.js';

interface Answer {
  status: number;
  contentType: string;
  body: Buffer;
  /** The request body as it arrived at the provider. */
  arrived: string;
}

/** How a target's traffic compares with the direct route's, over all kinds of requests. */
export interface Equality {
  /** `bytes`: the same to the last byte; `json`: the same values written otherwise. */
  answers: 'bytes' | 'json' | 'different';
  requests: 'bytes' | 'json' | 'different';
  /** What differs, for humans. */
  notes: string[];
}

const kinds: BodyName[] = ['2kb', '100kb', 'stream-50', 'stream-500', 'stream-without-usage'];

/** Sends one request of each kind on the direct route and through a target, and compares. */
export async function compareWithDirect(
  target: Target,
  running: Running,
  upstream: Upstream,
): Promise<Equality> {
  const equality: Equality = { answers: 'bytes', requests: 'bytes', notes: [] };
  await upstream.toggleCapture();
  try {
    for (const kind of kinds) {
      const expected = await send({ port: upstream.port, headers: {} }, kind, upstream);
      const actual = await send(running, kind, upstream);
      if (actual.status !== expected.status || actual.contentType !== expected.contentType) {
        equality.answers = 'different';
        equality.notes.push(
          `${kind}: answers ${actual.status} ${actual.contentType}, direct ${expected.status} ${expected.contentType}: ${actual.body.toString('utf8').slice(0, 200)}`,
        );
        continue;
      }
      const answers = compare(actual.body.toString('latin1'), expected.body.toString('latin1'));
      equality.answers = worse(equality.answers, answers);
      if (answers !== 'bytes') equality.notes.push(`${kind}: the answer's ${differing(answers)}`);
      // A gateway that meters must ask for the usage that this client did not ask for.
      if (kind === 'stream-without-usage' && target.name === 'farthing') continue;
      const requests = compare(actual.arrived, expected.arrived);
      equality.requests = worse(equality.requests, requests);
      if (requests !== 'bytes')
        equality.notes.push(`${kind}: the request's ${differing(requests)}`);
    }
  } finally {
    await upstream.toggleCapture();
  }
  return equality;
}

type Sameness = Equality['answers'];

const differing = (sameness: Sameness) =>
  sameness === 'json' ? 'JSON is the same, its bytes are not' : 'content differs';

function worse(left: Sameness, right: Sameness): Sameness {
  const order: Sameness[] = ['bytes', 'json', 'different'];
  return order.indexOf(left) > order.indexOf(right) ? left : right;
}

function compare(actual: string, expected: string): Sameness {
  if (actual === expected) return 'bytes';
  return canonical(actual) === canonical(expected) ? 'json' : 'different';
}

/** The text with every JSON document in it (whole, or per SSE event) rewritten with sorted keys. */
function canonical(text: string): string {
  return text
    .trim()
    .split('\n\n')
    .map((part) => {
      try {
        return JSON.stringify(sorted(JSON.parse(part.replace(/^data: /, ''))));
      } catch {
        return part;
      }
    })
    .join('\n');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

function send(
  route: Pick<Running, 'port' | 'headers'>,
  kind: BodyName,
  upstream: Upstream,
): Promise<Answer> {
  const body = bodies[kind];
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port: route.port,
        method: 'POST',
        path: '/v1/chat/completions',
        agent: false,
        headers: { ...commonHeaders, ...route.headers, 'content-length': Buffer.byteLength(body) },
      },
      (incoming) => {
        buffer(incoming)
          .then(async (bytes) => ({
            status: incoming.statusCode ?? 0,
            contentType: incoming.headers['content-type'] ?? '',
            body: bytes,
            arrived: await upstream.captured(),
          }))
          .then(resolve, reject);
      },
    );
    call.setTimeout(10_000, () => call.destroy(new Error(`${kind}: no answer in 10 s`)));
    call.on('error', reject);
    call.end(body);
  });
}

/** What every client sends on every route. */
export const commonHeaders = {
  'content-type': 'application/json',
  accept: 'application/json',
  authorization: 'Bearer sk-bench',
  'user-agent': 'OpenAI/JS 6.30.1',
};
