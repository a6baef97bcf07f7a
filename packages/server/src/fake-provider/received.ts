import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const kept = 200;
const secretHeaders = new Set(['authorization', 'x-api-key', 'x-goog-api-key', 'cookie']);

/** What reached this provider, so that a test can see what a gateway passed on. No body, no key. */
export interface ReceivedRequest {
  method: string;
  /** Path without the query, which may hold a key. */
  path: string;
  headers: Record<string, string>;
  bodyBytes: number;
  bodySha256: string;
}

export class ReceivedRequests {
  #list: ReceivedRequest[] = [];

  add(method: string, path: string, headers: IncomingHttpHeaders, body: Buffer): void {
    this.#list.push({
      method,
      path,
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name,
          secretHeaders.has(name) ? '(withheld)' : String(value),
        ]),
      ),
      bodyBytes: body.length,
      bodySha256: createHash('sha256').update(body).digest('hex'),
    });
    if (this.#list.length > kept) this.#list.shift();
  }

  /** The last 200 at most, oldest first. */
  list(): ReceivedRequest[] {
    return [...this.#list];
  }
}
