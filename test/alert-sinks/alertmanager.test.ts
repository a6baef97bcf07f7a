import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openNoticeQueue, type NoticeQueue } from '../../packages/server/src/alerts/sinks/index.js';
import {
  startReceiver,
  type Receiver,
} from '../../packages/server/src/alerts/sinks/receiver.fixture.js';
import {
  later,
  noticeOf,
  sampleIncident,
} from '../../packages/server/src/alerts/sinks/sample-notice.fixture.js';
import { AlertmanagerServer, hasAlertmanager } from './alertmanager-server.js';

const isThere = hasAlertmanager();
if (!isThere) console.warn('Skipped: Alertmanager (apt-get install prometheus-alertmanager)');

interface Notification {
  alerts: { status: string; labels: Record<string, string> }[];
}

describe.skipIf(!isThere)('the real Alertmanager', () => {
  let dataDirectory: string;
  let receiver: Receiver;
  let alertmanager: AlertmanagerServer;
  let queue: NoticeQueue;
  beforeEach(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'farthing-alertmanager-data-'));
    receiver = await startReceiver(() => null, { path: '/' });
    alertmanager = await AlertmanagerServer.start(receiver.url);
    queue = await openNoticeQueue({
      configs: [
        {
          name: 'alertmanager',
          type: 'alertmanager',
          url: alertmanager.url,
          severity: ['page'],
          labels: { team: 'ml' },
          repeat: '1s',
        },
      ],
      dataDirectory,
      log: { info: () => undefined, warn: () => undefined },
      now: () => new Date(),
      dashboardUrl: 'http://127.0.0.1:4142',
    });
  });
  afterEach(async () => {
    await queue.stop();
    await alertmanager.remove();
    await receiver.goAway();
    await rm(dataDirectory, { recursive: true });
  });

  const told = () =>
    receiver.received
      .flatMap(({ body }) => (JSON.parse(body) as Notification).alerts)
      .map(({ status, labels }) => `${labels['incident']} ${status}`);
  const soon = { timeout: 10_000, interval: 25 };

  test('an incident is one alert that holds while it is open, also when Alertmanager forgets it, and ends with it', async () => {
    const at = new Date().toISOString();
    const opened = noticeOf(
      sampleIncident({ since: at, opened_at: at, updated_at: at, group: { feature: 'Überblick' } }),
    );
    const { id } = opened.incident;
    await queue.push(opened);
    await vi.waitFor(() => expect(told()).toContain(`${id} firing`), soon);
    const [alert, ...others] = await alertmanager.alerts();
    expect(others).toEqual([]);
    expect(alert).toMatchObject({
      labels: {
        alertname: 'FarthingIncident',
        incident: id,
        severity: 'page',
        cause: 'output',
        feature: 'Überblick',
        team: 'ml',
      },
      startsAt: at,
      generatorURL: `http://127.0.0.1:4142/incidents/${id}`,
      status: { state: 'active' },
    });

    const updated = later(opened, 'updated', { severity: 'record', title: 'search costs more' });
    await queue.push(updated);
    await vi.waitFor(async () => {
      const shown = await alertmanager.alerts();
      expect(shown.map(({ annotations }) => annotations['notice'])).toEqual([updated.key]);
      // It was sent again since: the end has moved on.
      expect(shown[0]!.endsAt > alert!.endsAt).toBe(true);
    }, soon);

    await alertmanager.kill();
    await alertmanager.resume();
    await vi.waitFor(async () => expect(await alertmanager.alerts()).toHaveLength(1), soon);

    await queue.push(later(updated, 'resolved', { resolved_at: new Date().toISOString() }));
    await vi.waitFor(async () => expect(await alertmanager.alerts()).toEqual([]), soon);
    await vi.waitFor(() => expect(told()).toContain(`${id} resolved`), soon);
    expect(queue.statuses()[0]).toMatchObject({ state: 'running', delivered: 3, waiting: 0 });
  });

  test('a muted incident is a silenced alert until it is unmuted, and its end is told', async () => {
    const at = new Date().toISOString();
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const opened = noticeOf(sampleIncident({ since: at, opened_at: at, updated_at: at }));
    const { id, history } = opened.incident;
    const event = (what: 'muted' | 'unmuted') => ({ at, what, by: 'ada', note: 'deploying' });
    const states = async () => (await alertmanager.alerts()).map(({ status }) => status.state);
    await queue.push(opened);
    await vi.waitFor(() => expect(told()).toContain(`${id} firing`), soon);

    const muted = later(opened, 'updated', {
      muted_until: until,
      history: [...history, event('muted')],
    });
    await queue.push(muted);
    await vi.waitFor(async () => expect(await states()).toEqual(['suppressed']), soon);
    const longer = later(muted, 'updated', {
      muted_until: new Date(Date.now() + 7_200_000).toISOString(),
    });
    await queue.push(longer);
    await vi.waitFor(async () => {
      expect(await alertmanager.silences()).toMatchObject([
        {
          createdBy: 'farthing',
          comment: 'Muted by ada: deploying',
          matchers: [{ name: 'incident', value: id }],
          endsAt: longer.incident.muted_until,
        },
      ]);
    }, soon);

    const unmuted = later(longer, 'updated', {
      muted_until: null,
      history: [...history, event('muted'), event('unmuted')],
    });
    await queue.push(unmuted);
    await vi.waitFor(async () => expect(await states()).toEqual(['active']), soon);
    expect(await alertmanager.silences()).toEqual([]);
    expect(told()).not.toContain(`${id} resolved`);

    const again = later(unmuted, 'updated', { muted_until: until });
    await queue.push(again);
    await vi.waitFor(async () => expect(await states()).toEqual(['suppressed']), soon);
    await queue.push(
      later(again, 'resolved', { muted_until: null, resolved_at: new Date().toISOString() }),
    );
    await vi.waitFor(() => expect(told()).toContain(`${id} resolved`), soon);
    expect(await alertmanager.silences()).toEqual([]);
  });
});
