import { expect, test } from 'vitest';
import { describeSink } from '../conformance.js';
import { jsonOf, startReceiver, type Received } from '../receiver.fixture.js';
import { later, noticeOf, sampleIncident } from '../sample-notice.fixture.js';
import { alertOf, type PostableAlert } from './alert.js';
import { SinkRefused } from '../sink.js';
import { openAlertmanagerSink } from './alertmanager-sink.js';

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/** `postableAlerts` of api/v2/openapi.yaml, and what Alertmanager asks of an alert beyond it. */
function check(request: Received): string | null {
  if (request.path !== '/prefix/api/v2/alerts') return `no such path: ${request.path}`;
  const alerts = jsonOf(request) as PostableAlert[];
  if (!Array.isArray(alerts) || alerts.length === 0) return 'no array';
  for (const { labels, annotations, startsAt, endsAt, generatorURL } of alerts) {
    const sets = [labels, annotations].flatMap((set) => Object.entries(set));
    for (const [name, value] of sets) {
      if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) return `no name of a label: ${name}`;
      if (typeof value !== 'string') return `no text: ${name}`;
      if (/\p{Surrogate}/u.test(value)) return `no UTF-8: ${name}`;
    }
    if (Object.keys(labels).length === 0) return 'at least one label pair required';
    if (!dateTime.test(startsAt) || !dateTime.test(endsAt)) return 'no RFC 3339 time';
    if (Date.parse(endsAt) <= Date.parse(startsAt)) return 'start time must be before end time';
    if (generatorURL !== undefined && !URL.canParse(generatorURL)) return 'no URI';
  }
  return null;
}

const alertIn = ({ body }: Received) => (JSON.parse(body) as PostableAlert[])[0]!;

describeSink(
  'Alertmanager',
  async () => {
    const receiver = await startReceiver(check, { path: '/prefix/' });
    return {
      open: (timeoutMilliseconds) =>
        Promise.resolve(
          openAlertmanagerSink({
            url: receiver.url,
            headers: { authorization: 'Basic c2VjcmV0' },
            repeatMilliseconds: 60_000,
            timeoutMilliseconds,
          }),
        ),
      received: () => receiver.received.map((one) => alertIn(one).labels['incident']!),
      keyOf: ({ incident }) => incident.id,
      texts: () => receiver.received.map(({ body }) => body),
      attempts: () => receiver.attempts,
      complaints: () => receiver.complaints,
      secrets: ['c2VjcmV0'],
      behave: receiver.behave,
      goAway: receiver.goAway,
      comeBack: receiver.comeBack,
    };
  },
  { answers: true, asksForPause: true },
);

const now = Date.parse('2026-11-23T15:00:00.000Z');
const parts = { labels: { team: 'ml' }, now, repeatMilliseconds: 60_000 };

test('labels stay as they were at first, whatever the incident becomes', () => {
  const opened = noticeOf(sampleIncident({ severity: 'record', cause: 'cost' }));
  const updated = later(opened, 'updated', { severity: 'page', cause: 'template' });
  const labels = {
    alertname: 'FarthingIncident',
    incident: opened.incident.id,
    severity: 'record',
    cause: 'cost',
    feature: 'search',
    team: 'ml',
  };
  expect(alertOf(opened, opened, parts).labels).toEqual(labels);
  const alert = alertOf(updated, opened, parts);
  expect(alert.labels).toEqual(labels);
  expect(alert.annotations).toMatchObject({
    summary: 'search: output per call is 2.1 times what it was',
    cause: 'template',
    notice: updated.key,
  });
});

test('an open incident ends five repeats from now; a resolved one ended when it did', () => {
  const opened = noticeOf(sampleIncident());
  const resolved = later(opened, 'resolved');
  expect(alertOf(opened, opened, parts)).toMatchObject({
    startsAt: opened.incident.opened_at,
    endsAt: '2026-11-23T15:05:00.000Z',
    generatorURL: opened.url,
  });
  expect(alertOf(resolved, opened, parts)).toMatchObject({
    startsAt: opened.incident.opened_at,
    endsAt: resolved.incident.resolved_at,
  });
});

test('an incident from after now, as when a clock was set back, is open all the same', () => {
  const opened = noticeOf(sampleIncident({ opened_at: '2026-11-23T16:00:00.000Z' }));
  expect(alertOf(opened, opened, parts)).toMatchObject({
    startsAt: '2026-11-23T15:00:00.000Z',
    endsAt: '2026-11-23T15:05:00.000Z',
  });
  const resolved = later(opened, 'resolved', { resolved_at: '2026-11-23T16:01:00.000Z' });
  expect(alertOf(resolved, opened, parts)).toMatchObject({
    startsAt: '2026-11-23T14:59:59.999Z',
    endsAt: '2026-11-23T15:00:00.000Z',
  });
});

test("a tag that is named like one of the alert's own labels does not replace it", () => {
  const opened = noticeOf(
    sampleIncident({ group: { severity: 'none', alertname: 'x', '7 days': 'a', empty: '' } }),
  );
  expect(alertOf(opened, opened, parts).labels).toEqual({
    alertname: 'FarthingIncident',
    incident: opened.incident.id,
    severity: 'page',
    cause: 'output',
    team: 'ml',
    _7_days: 'a',
  });
});

test('where silences are refused a mute is, and the incident is told all the same when it is unmuted', async () => {
  // Every other path than that of alerts is refused.
  const receiver = await startReceiver(check, { path: '/prefix/' });
  const sink = openAlertmanagerSink({ url: receiver.url, repeatMilliseconds: 60_000 });
  const opened = noticeOf(sampleIncident());
  const event = { at: opened.at, what: 'muted' as const, by: 'ada' };
  const muted = later(opened, 'updated', {
    muted_until: '2099-01-01T00:00:00.000Z',
    history: [...opened.incident.history, event],
  });
  const refused = sink.send(muted, opened);
  await expect(refused).rejects.toThrow(/^127\.0\.0\.1:\d+ answers 400: it shows no silences$/);
  await expect(refused).rejects.toBeInstanceOf(SinkRefused);
  const unmuted = later(muted, 'updated', { muted_until: null });
  await sink.send(unmuted, opened);
  expect(receiver.received.map((one) => alertIn(one).annotations['notice'])).toEqual([unmuted.key]);
  await sink.close();
  await receiver.goAway();
});
