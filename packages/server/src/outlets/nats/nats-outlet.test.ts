import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sampleEntry } from '../../store/conformance/batches.js';
import { describeOutlet } from '../conformance.js';
import { OutletRefused } from '../outlet.js';
import { openNatsOutlet } from './nats-outlet.js';
import { hasNats, NatsServer } from './nats-server.fixture.js';

describe.skipIf(!hasNats())('NATS (skipped where nats-server is not installed)', () => {
  let server: NatsServer;
  let streams = 0;
  beforeAll(async () => {
    server = await NatsServer.start();
  }, 60_000);
  afterAll(() => server?.close());

  describeOutlet(
    'nats',
    async () => {
      const stream = `stream${(streams += 1)}`;
      const subject = `farthing.${stream}`;
      await server.addStream(stream, subject);
      return {
        open: () => openNatsOutlet({ url: server.url, subject }),
        received: () => server.messages(stream),
        goAway: () => server.kill(),
        comeBack: () => server.resume(),
        close: () => Promise.resolve(),
      };
    },
    { dropsRepeated: true },
  );

  test('a subject that no stream keeps is refused, with the command that adds one', async () => {
    const outlet = await openNatsOutlet({ url: server.url, subject: 'nobody.listens' });
    const failure = await outlet.write([sampleEntry()]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OutletRefused);
    expect(failure).toMatchObject({ message: expect.stringContaining('nats stream add') });
    await outlet.close();
  });
});
