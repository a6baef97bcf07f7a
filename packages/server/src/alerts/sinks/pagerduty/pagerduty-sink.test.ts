import { expect, test } from 'vitest';
import { describeSink } from '../conformance.js';
import { jsonOf, startReceiver, type Received } from '../receiver.fixture.js';
import { later, noticeOf, sampleIncident } from '../sample-notice.fixture.js';
import { pagerDutyEvent } from './pagerduty-event.js';
import { openPagerDutySink } from './pagerduty-sink.js';

const routingKey = '0123456789abcdef0123456789abcdef';

/** What docs/events-API-v2/02-Trigger-Events.md of github.com/PagerDuty/developer-docs asks for. */
function check(request: Received): string | null {
  if (Buffer.byteLength(request.body) > 512 * 1024) return 'too large';
  const event = jsonOf(request) as Record<string, unknown> & { payload: Record<string, unknown> };
  if (typeof event === 'string') return event;
  const isText = (value: unknown, most: number) =>
    typeof value === 'string' && value.length > 0 && value.length <= most;
  if (event['routing_key'] !== routingKey) return 'invalid key';
  if (!['trigger', 'acknowledge', 'resolve'].includes(String(event['event_action']))) {
    return 'event_action';
  }
  if (!isText(event['dedup_key'], 255)) return 'dedup_key';
  const { summary, source, severity, timestamp, custom_details: details } = event.payload;
  if (!isText(summary, 1_024)) return 'payload.summary';
  if (!isText(source, 1_024)) return 'payload.source';
  if (!['critical', 'error', 'warning', 'info'].includes(String(severity))) return 'severity';
  if (Number.isNaN(Date.parse(String(timestamp)))) return 'timestamp';
  if (typeof details !== 'object' || details === null) return 'custom_details';
  return null;
}

interface Sent {
  dedup_key: string;
  event_action: string;
}

const sent = ({ body }: Received) => JSON.parse(body) as Sent;

const start = async () => {
  const receiver = await startReceiver(check, {
    path: '/v2/enqueue',
    takenStatus: 202,
    takenText: '{"status":"success","message":"Event processed","dedup_key":"x"}',
  });
  const open = (timeoutMilliseconds?: number) =>
    openPagerDutySink({ routingKey, url: receiver.url, timeoutMilliseconds });
  return { receiver, open };
};

describeSink(
  'PagerDuty',
  async () => {
    const { receiver, open } = await start();
    return {
      open: (timeoutMilliseconds) => Promise.resolve(open(timeoutMilliseconds)),
      received: () => receiver.received.map((one) => sent(one).dedup_key),
      keyOf: ({ incident }) => incident.id,
      // The routing key says for whom an event is, in the body alone.
      texts: () => receiver.received.map(({ body }) => body.replace(routingKey, '')),
      attempts: () => receiver.attempts,
      complaints: () => receiver.complaints,
      secrets: [routingKey],
      behave: receiver.behave,
      goAway: receiver.goAway,
      comeBack: receiver.comeBack,
    };
  },
  { answers: true, asksForPause: true },
);

test('an incident is triggered, acknowledged and resolved under one key', async () => {
  const { receiver, open } = await start();
  const opened = noticeOf(sampleIncident());
  const acknowledged = later(opened, 'acknowledged');
  const updated = later(acknowledged, 'updated');
  const resolved = later(updated, 'resolved');
  for (const notice of [opened, acknowledged, updated, resolved]) await open().send(notice, opened);
  expect(receiver.received.map((one) => sent(one).event_action)).toEqual([
    'trigger',
    'acknowledge',
    'acknowledge',
    'resolve',
  ]);
  expect(new Set(receiver.received.map((one) => sent(one).dedup_key)).size).toBe(1);
  await receiver.goAway();
});

test('a page is critical; what it costs and the link stand with it', () => {
  const notice = noticeOf(sampleIncident());
  expect(pagerDutyEvent(notice)).toMatchObject({
    event_action: 'trigger',
    dedup_key: notice.incident.id,
    links: [{ href: notice.url, text: 'Open in Farthing' }],
    payload: {
      summary: 'search: output per call is 2.1 times what it was',
      source: 'farthing',
      severity: 'critical',
      component: 'search',
      group: 'feature search',
      class: 'output',
      custom_details: {
        key: notice.key,
        cost: '$4.20 an hour, normally $2.00',
        'likely change': 'template version v7 → v8 at 2026-11-23 14:02 UTC',
      },
    },
  });
});

test('an incident with a long past is told with its end', () => {
  const history = Array.from({ length: 5_000 }, (_, index) => ({
    at: '2026-11-23T14:09:40.512Z',
    what: 'updated' as const,
    by: 'farthing',
    note: `${index} ${'n'.repeat(200)}`,
  }));
  const event = pagerDutyEvent(noticeOf(sampleIncident({ history })));
  expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(500 * 1024);
  const { incident } = event.payload.custom_details as {
    incident: { history: { note: string }[] };
  };
  expect(incident.history.at(-1)!.note).toMatch(/^4999 /);
});

test("the answer's status is told; its message may repeat the key, and is not", async () => {
  const receiver = await startReceiver(
    () => `{"status":"invalid event","message":"bad","errors":["'${routingKey}' is no key"]}`,
    { path: '/v2/enqueue' },
  );
  const notice = noticeOf(sampleIncident());
  const open = openPagerDutySink({ routingKey, url: receiver.url });
  await expect(open.send(notice, notice)).rejects.toThrow(
    /^127\.0\.0\.1:\d+ answers 400: invalid event$/,
  );
  await receiver.goAway();
});
