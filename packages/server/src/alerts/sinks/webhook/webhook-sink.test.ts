import { expect, test } from 'vitest';
import { sign } from '../../../webhook/index.js';
import { describeSink } from '../conformance.js';
import { jsonOf, startReceiver, type Received } from '../receiver.fixture.js';
import { noticeOf, sampleIncident } from '../sample-notice.fixture.js';
import { SinkRefused } from '../sink.js';
import { openWebhookSink } from './webhook-sink.js';

const secret = 'a secret of some length';

/** As a careful receiver does it: only what is signed, complete and of one mind about its key. */
function check(request: Received): string | null {
  const header = String(request.headers['x-farthing-signature']);
  const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  if (seconds === undefined) return 'not signed';
  if (sign(secret, Number(seconds), request.body) !== signature) return 'signed by somebody else';
  const body = jsonOf(request) as Record<string, unknown> & { incident?: { id?: unknown } };
  if (typeof body === 'string') return body;
  if (!/^incident\.[a-z]+$/.test(String(body['event']))) return 'no event';
  if (typeof body.incident?.id !== 'string') return 'no incident';
  return body['key'] === request.headers['idempotency-key'] ? null : 'two keys';
}

describeSink(
  'webhook',
  async () => {
    const receiver = await startReceiver(check, { path: '/hook/s3cret-path', takenStatus: 204 });
    return {
      open: (timeoutMilliseconds) =>
        Promise.resolve(
          openWebhookSink({
            url: receiver.url,
            secret,
            headers: { authorization: 'Bearer t0ken' },
            timeoutMilliseconds,
          }),
        ),
      received: () => receiver.received.map(({ headers }) => String(headers['idempotency-key'])),
      keyOf: ({ key }) => key,
      texts: () => receiver.received.map(({ body }) => body),
      attempts: () => receiver.attempts,
      complaints: () => receiver.complaints,
      secrets: ['s3cret-path', 't0ken', secret],
      behave: receiver.behave,
      goAway: receiver.goAway,
      comeBack: receiver.comeBack,
    };
  },
  { answers: true, asksForPause: true },
);

test('the body is the incident as the API shows it, with event, key, time and link', async () => {
  const receiver = await startReceiver(() => null, { path: '/' });
  const notice = noticeOf(sampleIncident());
  await openWebhookSink({ url: receiver.url }).send(notice, notice);
  const { key, at, url, incident } = notice;
  expect(JSON.parse(receiver.received[0]!.body)).toEqual({
    event: 'incident.opened',
    key,
    at,
    url,
    incident,
  });
  await receiver.goAway();
});

test('a redirect is not followed: it is told, for another address is to be set', async () => {
  const elsewhere = await startReceiver(() => null, { path: '/' });
  const receiver = await startReceiver(() => null, { path: '/', takenStatus: 302 });
  const notice = noticeOf(sampleIncident());
  const sent = openWebhookSink({ url: receiver.url }).send(notice, notice);
  await expect(sent).rejects.toThrow(SinkRefused);
  expect(elsewhere.attempts).toBe(0);
  await receiver.goAway();
  await elsewhere.goAway();
});
