import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Entry } from '@farthing/core';
import { expect, test } from 'vitest';
import { sampleEntry } from '../../store/conformance/batches.js';
import { describeOutlet } from '../conformance.js';
import { OutletRefused } from '../outlet.js';
import { sign } from '../../webhook/index.js';
import { openWebhookOutlet } from './webhook-outlet.js';

interface Received {
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A receiver that answers with a status, on a port that it keeps. */
async function startReceiver(status = () => 204) {
  const received: Received[] = [];
  let server: Server;
  const listen = (port: number) =>
    new Promise<void>((resolve) => {
      server = createServer((incoming, response) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          response.statusCode = status();
          if (response.statusCode < 300) {
            received.push({ headers: incoming.headers, body: Buffer.concat(chunks).toString() });
          }
          response.end();
        });
      }).listen(port, '127.0.0.1', resolve);
    });
  await listen(0);
  const { port } = server!.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url: `http://127.0.0.1:${port}/hook/s3cret`,
    received,
    stop,
    resume: () => listen(port),
  };
}

describeOutlet(
  'webhook',
  async () => {
    const receiver = await startReceiver();
    return {
      open: () => Promise.resolve(openWebhookOutlet({ url: receiver.url })),
      received: () =>
        Promise.resolve(
          receiver.received.flatMap(
            ({ body }) => (JSON.parse(body) as { entries: Entry[] }).entries,
          ),
        ),
      goAway: receiver.stop,
      comeBack: receiver.resume,
      close: receiver.stop,
    };
  },
  { dropsRepeated: false },
);

test('a request is signed, and says by its key when it comes again', async () => {
  const receiver = await startReceiver();
  const secret = 'a secret of some length';
  const now = () => Date.parse('2026-11-22T12:00:00Z');
  const outlet = openWebhookOutlet({ url: receiver.url, secret, now });
  const entry = sampleEntry();
  await outlet.write([entry]);
  await outlet.write([entry]);
  const [first, second] = receiver.received;
  const seconds = Date.parse('2026-11-22T12:00:00Z') / 1000;
  expect(first!.headers['x-farthing-signature']).toBe(
    `t=${seconds},v1=${sign(secret, seconds, first!.body)}`,
  );
  expect(JSON.parse(first!.body)).toEqual({ event: 'llm.cost.tracked', entries: [entry] });
  expect(second!.headers['idempotency-key']).toBe(first!.headers['idempotency-key']);
  await receiver.stop();
});

test('what passes by itself is told from what does not; the address is never shown whole', async () => {
  let status = 503;
  const receiver = await startReceiver(() => status);
  const outlet = openWebhookOutlet({ url: receiver.url });
  const failure = () => outlet.write([sampleEntry()]).catch((error: unknown) => error as Error);
  expect(await failure()).not.toBeInstanceOf(OutletRefused);
  status = 429;
  expect(await failure()).not.toBeInstanceOf(OutletRefused);
  status = 401;
  const refused = await failure();
  expect(refused).toBeInstanceOf(OutletRefused);
  expect((refused as Error).message).toMatch(/^127\.0\.0\.1:\d+ answers 401$/);
  await receiver.stop();
});
