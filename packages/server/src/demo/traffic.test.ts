import { expect, test } from 'vitest';
import { startFakeProvider } from '../fake-provider/index.js';
import { startDemoTraffic } from './index.js';

test('sends tagged traffic to all three providers until it is stopped', async () => {
  // The fake provider answers under the same mounts as the gateway.
  const provider = await startFakeProvider();
  const traffic = startDemoTraffic({ gatewayUrl: provider.url, seed: 1, callsPerSecond: 400 });
  await expect.poll(() => traffic.counts().answered, { timeout: 25_000 }).toBeGreaterThan(200);
  await traffic.stop();
  const { sent, answered, failed, left, unreachable } = traffic.counts();
  expect(unreachable).toBe(0);
  expect(failed).toBeGreaterThan(0);
  expect(sent).toBeGreaterThanOrEqual(answered + failed + left);

  const { lines, rejections, totals } = provider.books.report();
  expect(new Set(lines.map((line) => line.provider))).toEqual(
    new Set(['openai', 'anthropic', 'gemini']),
  );
  expect(totals.tokens.cache_read).toBeGreaterThan(0);
  expect(totals.tokens.cache_write_5m).toBeGreaterThan(0);
  // Only the failures that the demo asks for: every request is one that the providers accept.
  const asked = ['429', '500', '503', '529'];
  expect(rejections.filter((rejection) => !asked.includes(rejection.status))).toEqual([]);
  const received = provider.received();
  const tagged = received.filter((request) => 'x-farthing-feature' in request.headers);
  expect(tagged.length / received.length).toBeGreaterThan(0.9);
  expect(tagged.some((request) => request.headers['x-farthing-template-version'])).toBe(true);
  expect(tagged.some((request) => request.headers['x-farthing-tags']?.includes('team='))).toBe(
    true,
  );

  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(traffic.counts().sent).toBe(sent);
  await provider.close();
});

test('an unreachable gateway is tried on, and an aborted signal stops the traffic', async () => {
  const stop = new AbortController();
  const traffic = startDemoTraffic({
    gatewayUrl: 'http://127.0.0.1:9',
    seed: 2,
    callsPerSecond: 200,
    signal: stop.signal,
  });
  await expect.poll(() => traffic.counts().unreachable).toBeGreaterThan(5);
  stop.abort();
  await traffic.stop();
});
