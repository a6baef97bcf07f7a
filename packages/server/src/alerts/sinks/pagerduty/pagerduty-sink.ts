import { openPoster } from '../../../webhook/index.js';
import { failureOf } from '../answer-failure.js';
import type { IncidentSink } from '../sink.js';
import { pagerDutyEvent } from './pagerduty-event.js';

export interface PagerDutyOptions {
  /** The integration key: a secret. */
  routingKey: string;
  /** Default the service in the US; in the EU `https://events.eu.pagerduty.com/v2/enqueue`. */
  url?: string | undefined;
  /** Default 10 seconds. */
  timeoutMilliseconds?: number | undefined;
}

/**
 * PagerDuty's Events API v2: a trigger, acknowledge or resolve event for each notice, with the incident's
 * id as `dedup_key`: what comes again adds to the same alert. 202 is taken, 429 and 5xx are to be tried
 * again, 400 never will be (github.com/PagerDuty/developer-docs, docs/events-API-v2/01-Overview.md).
 */
export function openPagerDutySink(options: PagerDutyOptions): IncidentSink {
  const { routingKey, timeoutMilliseconds = 10_000 } = options;
  const { url = 'https://events.pagerduty.com/v2/enqueue' } = options;
  const poster = openPoster({ url, timeoutMilliseconds });
  return {
    async send(notice) {
      const body = JSON.stringify({ routing_key: routingKey, ...pagerDutyEvent(notice) });
      const answer = await poster.post(body);
      if (!answer.ok) throw failureOf(answer, statusWord(answer.text));
    },
    close: () => poster.close(),
  };
}

/** `invalid event`: the answer's `status`. Its `message` and `errors` may repeat the key. */
function statusWord(text: string): string {
  try {
    const { status } = JSON.parse(text) as { status?: unknown };
    return typeof status === 'string' && /^[a-z ]{1,40}$/.test(status) ? status : '';
  } catch {
    return '';
  }
}
