import { openPoster } from '../../../webhook/index.js';
import { failureOf } from '../answer-failure.js';
import type { IncidentSink } from '../sink.js';
import { alertOf } from './alert.js';
import { Silences } from './silences.js';

export interface AlertmanagerOptions {
  /** Its base, e.g. `http://localhost:9093`, with the path prefix that it may have. */
  url: string;
  headers?: Readonly<Record<string, string>> | undefined;
  /** Further labels of every alert. */
  labels?: Readonly<Record<string, string>> | undefined;
  /** How often the caller sends the last notice of an open incident again. */
  repeatMilliseconds: number;
  /** Default 10 seconds. */
  timeoutMilliseconds?: number | undefined;
  /** Milliseconds since the epoch. */
  now?: (() => number) | undefined;
}

/**
 * Alertmanager's API v2: `POST /api/v2/alerts` with an array of one alert
 * (github.com/prometheus/alertmanager, api/v2/openapi.yaml). Alerts with the same labels are one alert:
 * what comes again changes nothing. Clients send an alert again for as long as it holds
 * (prometheus.io/docs/alerting/latest/clients); the queue does. What is muted is silenced there.
 */
export function openAlertmanagerSink(options: AlertmanagerOptions): IncidentSink {
  const { timeoutMilliseconds = 10_000, now = Date.now, repeatMilliseconds } = options;
  const base = `${options.url.replace(/\/+$/, '')}/api/v2`;
  const poster = openPoster({ url: `${base}/alerts`, timeoutMilliseconds });
  const silences = new Silences({ base, poster, headers: options.headers });
  return {
    async send(notice, opening) {
      await silences.heed(notice, now());
      const parts = { labels: options.labels ?? {}, now: now(), repeatMilliseconds };
      const body = JSON.stringify([alertOf(notice, opening, parts)]);
      const answer = await poster.post(body, options.headers);
      if (!answer.ok) throw failureOf(answer);
    },
    close: () => poster.close(),
  };
}
