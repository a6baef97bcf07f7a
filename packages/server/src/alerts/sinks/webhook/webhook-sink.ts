import { openPoster, signatureHeader } from '../../../webhook/index.js';
import { failureOf } from '../answer-failure.js';
import type { IncidentSink } from '../sink.js';

export interface WebhookSinkOptions {
  url: string;
  /** Signs every request; at least 16 characters. */
  secret?: string | undefined;
  /** Further headers, e.g. an authorization. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Default 10 seconds. */
  timeoutMilliseconds?: number | undefined;
  /** Milliseconds since the epoch. */
  now?: (() => number) | undefined;
}

/**
 * `POST {"event": "incident.opened", "key", "at", "url", "incident"}`, signed where there is a secret, as
 * the outlet of that name is. Any status of 200 to 299 is taken as received. `idempotency-key` and `key`
 * are the same when a notice is sent again.
 */
export function openWebhookSink(options: WebhookSinkOptions): IncidentSink {
  const { url, secret, now = Date.now, timeoutMilliseconds = 10_000 } = options;
  const poster = openPoster({ url, timeoutMilliseconds });
  return {
    async send({ what, key, at, url: page, incident }) {
      const body = JSON.stringify({ event: `incident.${what}`, key, at, url: page, incident });
      const answer = await poster.post(body, {
        ...options.headers,
        'idempotency-key': key,
        ...signatureHeader(secret, Math.floor(now() / 1000), body),
      });
      if (!answer.ok) throw failureOf(answer);
    },
    close: () => poster.close(),
  };
}
