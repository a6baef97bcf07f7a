import { openPoster } from '../../../webhook/index.js';
import { failureOf } from '../answer-failure.js';
import type { IncidentSink } from '../sink.js';
import { slackMessage } from './slack-message.js';

export interface SlackOptions {
  /** An incoming webhook: whoever knows it may write to its channel. */
  url: string;
  /** Default 10 seconds. */
  timeoutMilliseconds?: number | undefined;
}

/**
 * Slack by an incoming webhook: a message for each notice. A webhook can neither change a message nor
 * answer in a thread, so each carries the incident's id and version. Slack answers 200 `ok`, 429 with
 * `Retry-After` beyond about a message a second, else a status with a word like `no_service`
 * (docs.slack.dev/messaging/sending-messages-using-incoming-webhooks, docs.slack.dev/apis/web-api/rate-limits).
 */
export function openSlackSink({ url, timeoutMilliseconds = 10_000 }: SlackOptions): IncidentSink {
  const poster = openPoster({ url, timeoutMilliseconds });
  return {
    async send(notice) {
      const answer = await poster.post(JSON.stringify(slackMessage(notice)));
      if (!answer.ok) throw failureOf(answer, /^[a-z_]{1,40}$/.exec(answer.text)?.[0]);
    },
    close: () => poster.close(),
  };
}
