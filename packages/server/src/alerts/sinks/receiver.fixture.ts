import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What the other side does with what it gets. */
export type Behaviour = 'takes' | 'fails' | 'busy' | 'refuses' | 'hangs';

export const retryAfterSeconds = 7;

export interface Receiver {
  /** With a path that is a secret. */
  url: string;
  /** What was taken. */
  received: Received[];
  /** Every request, whatever became of it. */
  attempts: number;
  /** What was wrong with the form of requests, as the receiver told. */
  complaints: string[];
  behave(behaviour: Behaviour): void;
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
}

/**
 * A real server on a port that it keeps. `check` is the format of the service that it stands for: what it
 * complains of is refused with 400, as the service does.
 */
export async function startReceiver(
  check: (request: Received) => string | null,
  options: { path: string; takenStatus?: number; takenText?: string },
): Promise<Receiver> {
  let behaviour: Behaviour = 'takes';
  let server: Server | null = null;
  const receiver: Receiver = {
    url: '',
    received: [],
    attempts: 0,
    complaints: [],
    behave: (next) => void (behaviour = next),
    goAway: () =>
      new Promise<void>((resolve) => {
        if (server === null) return resolve();
        server.close(() => resolve());
        server.closeAllConnections();
        server = null;
      }),
    comeBack: () => listen(port),
  };
  const answer = (request: Received): [number, string, Record<string, string>] => {
    if (behaviour === 'fails') return [500, 'out of order', {}];
    if (behaviour === 'busy') {
      return [429, 'slow_down', { 'retry-after': String(retryAfterSeconds) }];
    }
    if (behaviour === 'refuses') return [403, 'invalid_token', {}];
    const complaint = check(request);
    if (complaint === null) {
      receiver.received.push(request);
      return [options.takenStatus ?? 200, options.takenText ?? 'ok', {}];
    }
    receiver.complaints.push(complaint);
    return [400, complaint, {}];
  };
  const listen = (port: number) =>
    new Promise<void>((resolve) => {
      server = createServer((incoming, response) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          receiver.attempts += 1;
          if (behaviour === 'hangs') return;
          const [status, text, headers] = answer({
            path: incoming.url ?? '',
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString(),
          });
          response.writeHead(status, headers).end(text);
        });
      }).listen(port, '127.0.0.1', resolve);
    });
  await listen(0);
  const { port } = server!.address() as AddressInfo;
  receiver.url = `http://127.0.0.1:${port}${options.path}`;
  return receiver;
}

/** The body of a request that has to be JSON in UTF-8; a sentence where it is not. */
export function jsonOf({ headers, body }: Received): unknown {
  if (!/^application\/json\b/.test(headers['content-type'] ?? '')) return 'no JSON is announced';
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return 'not JSON';
  }
}
