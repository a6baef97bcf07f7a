import { createParser } from 'eventsource-parser';
import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FarthingError, toCallRow } from '@farthing/core';
import { openTestBooks, type TestBooks } from '../../test-support/open-test-books.js';
import { sampleEntry } from '../store/conformance/batches.js';
import { serveControlPlane } from './serve-control-plane.js';
import { writeOpenApiText } from './openapi-document.js';

let books: TestBooks;
beforeAll(async () => {
  books = await openTestBooks();
});
afterAll(() => books.close());

describe('status, health and metrics', () => {
  test('the status tells where data lies and how far the books are', async () => {
    await books.book([sampleEntry()]);
    const { body } = await books.json('/api/v1/status');
    expect(body).toMatchObject({
      version: '1.2.3',
      data_directory: books.dataDirectory,
      lag: { bytes: 0, oldest_ms: null },
      unpriced_calls: 0,
      price_book: expect.stringMatching(/^genai-prices@.+ \+ farthing-overlay@/),
      prices: {
        problem: null,
        sources: [{ kind: 'base', state: 'ok' }, { kind: 'overlay' }, { kind: 'own', rows: 0 }],
      },
      gateway: { reachable: false, url: null, version: null },
    });
    expect(body['store'].entries).toBeGreaterThan(0);
    expect(body['disk'].free_bytes).toBeGreaterThan(0);
    expect(body['journals'][0]).toMatchObject({ name: 'test', unreadable_lines: 0 });
  });

  test('ready means that the store answers and the ledger gets on; the reasons say what does not', async () => {
    expect(await books.json('/readyz')).toEqual({
      status: 200,
      body: { status: 'ready', reasons: [] },
    });
    const stuck = await openTestBooks({
      ledger: {
        status: () => ({
          journals: [],
          lag: { bytes: 9, oldest_ms: 1 },
          stuck: 'the disk is full',
        }),
      },
    });
    expect(await stuck.json('/readyz')).toEqual({
      status: 503,
      body: { status: 'not ready', reasons: ['ledger: the disk is full'] },
    });
    await stuck.close();
  });

  test('metrics count what was booked, by provider, model and feature, never by user', async () => {
    const own = await openTestBooks();
    await own.book([
      sampleEntry({ tags: { feature: 'search', user: 'u_secret' } }),
      sampleEntry({ tags: {} }),
      sampleEntry({
        outcome: 'error',
        usage: null,
        cost: { usd: null, status: 'unknown_model', charges: [] },
      }),
    ]);
    const text = await (await own.request('/metrics')).text();
    const labels = 'provider="openai",model="gpt-4o-2024-08-06"';
    expect(text).toContain(`farthing_cost_usd_total{${labels},feature="search"} 0.001875`);
    expect(text).toContain(
      `farthing_tokens_total{${labels},feature="search",type="cache_read"} 900`,
    );
    expect(text).toContain(`farthing_calls_total{${labels},feature="",outcome="ok"} 1`);
    expect(text).toContain(`farthing_unattributed_calls_total{${labels},feature=""} 1`);
    expect(text).toMatch(/farthing_calls_total\{.*outcome="error"\} 1/);
    expect(text).toMatch(/farthing_unpriced_calls_total\{.*\} 1/);
    expect(text).toContain('farthing_ledger_lag_bytes 0');
    expect(text).not.toContain('u_secret');
    // Scraping twice counts nothing twice.
    expect(await (await own.request('/metrics')).text()).toBe(text);
    await own.close();
  });

  test('the hundred and first feature is counted under "other"', async () => {
    const own = await openTestBooks();
    await own.book(
      Array.from({ length: 130 }, (_, index) => sampleEntry({ tags: { feature: `f${index}` } })),
    );
    const text = await (await own.request('/metrics')).text();
    expect(text.match(/^farthing_cost_usd_total\{/gm)).toHaveLength(101);
    expect(text).toMatch(/farthing_calls_total\{.*feature="other",outcome="ok"\} 30/);
    await own.close();
  });
});

describe('the dashboard', () => {
  test('index.html is never cached blindly and allows its own inline script by hash alone', async () => {
    const response = await books.request('/');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const policy = response.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self' 'sha256-[\w+/=]{44}';/);
    expect(policy).not.toContain('unsafe');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('hashed assets may be kept for ever, and an unchanged file is not sent again', async () => {
    const response = await books.request('/assets/main-B7xq2LpQ.js');
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    const etag = response.headers.get('etag')!;
    const again = await books.request('/', { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(200);
    const same = await books.request('/assets/main-B7xq2LpQ.js', {
      headers: { 'if-none-match': etag },
    });
    expect(same.status).toBe(304);
  });

  test('its own pages get index.html; a missing file does not', async () => {
    expect(await (await books.request('/calls/abc')).text()).toContain('Farthing');
    expect((await books.request('/assets/gone-00000000.js')).status).toBe(404);
    expect((await books.request('/favicon.ico')).status).toBe(404);
  });

  test.each([
    '/../secret',
    '/..%2f..%2fdata%2fsecret',
    '/%2e%2e/data/secret',
    '/.git/config',
    '/%00',
    '/%',
  ])('%s leads nowhere', async (path) => {
    const response = await books.request(path);
    if (response.status === 200) expect(await response.text()).toContain('<!doctype html>');
    else expect(response.status).toBe(404);
  });

  test('a dashboard that is not built is an explanation, not a blank page', async () => {
    const own = await openTestBooks({ dashboardDirectory: '/nonexistent' });
    const { status, body } = await own.json('/');
    expect(status).toBe(404);
    expect(body['error'].message).toMatch(/npm run build/);
    await own.close();
  });
});

describe('what is wrong in a request', () => {
  test('an unknown route is a 404, a known one with the wrong method a 405 that names the right one', async () => {
    expect((await books.json('/api/v1/reprot')).body['error'].code).toBe('not_found');
    const wrong = await books.request('/api/v1/query');
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('POST');
    expect((await books.request('/api/v1/calls/x', { method: 'DELETE' })).status).toBe(405);
    expect((await books.request('/', { method: 'PUT' })).status).toBe(405);
  });

  test('malformed JSON is a 400 in the shape of all errors', async () => {
    const { status, body } = await books.json('/api/v1/query', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"measures":',
    });
    expect(status).toBe(400);
    expect(body['error'].code).toBe('invalid_json');
  });

  test.each([{}, { 'content-type': 'text/plain' }])(
    'a body that does not say it is JSON (%j) is a 415',
    async (headers) => {
      const response = await books.request('/api/v1/query', {
        method: 'POST',
        headers: headers as Record<string, string>,
        body: '{"measures":["cost"]}',
      });
      expect(response.status).toBe(415);
    },
  );

  test('what breaks inside is told to the log, not to the outside', async () => {
    const errors: string[] = [];
    const own = await openTestBooks({
      onError: (error, { path }) => errors.push(`${path}: ${error.message}`),
      ledger: {
        status: () => {
          throw new Error('secret path /home/x');
        },
      },
    });
    const { status, body } = await own.json('/api/v1/status');
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('/home/x');
    expect(errors).toEqual(['/api/v1/status: secret path /home/x']);
    await own.close();
  });
});

test('docs/openapi.json is what the code says (npx tsx scripts/write-openapi.ts writes it)', () => {
  const root = new URL('../../../../', import.meta.url);
  const { version } = JSON.parse(
    readFileSync(new URL('packages/server/package.json', root), 'utf8'),
  );
  expect(readFileSync(new URL('docs/openapi.json', root), 'utf8')).toBe(writeOpenApiText(version));
});

describe('on a real socket', () => {
  test('a booked call arrives as a server-sent event', async () => {
    const served = await serveControlPlane(books.app, { host: '127.0.0.1', port: 0 });
    const stop = new AbortController();
    const response = await fetch(`${served.url}/api/v1/events?filter=feature:live`, {
      signal: stop.signal,
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const entry = sampleEntry({ tags: { feature: 'live' } });
    await books.book([sampleEntry(), entry]);
    const calls = await firstCalls(response);
    expect(calls.map((call) => call.id)).toEqual([entry.id]);

    stop.abort();
    await served.close();
    await expect.poll(() => books.events.subscriberCount).toBe(0);
  });

  test('a subscriber that stops reading is dropped and holds no memory', async () => {
    const served = await serveControlPlane(books.app, { host: '127.0.0.1', port: 0 });
    const client = httpRequest(`${served.url}/api/v1/events`);
    const paused = new Promise<IncomingMessage>((resolve) => {
      client.once('response', (response) => {
        response.pause();
        resolve(response);
      });
    });
    client.end();
    const response = await paused;
    await expect.poll(() => books.events.subscriberCount).toBe(1);
    const entries = Array.from({ length: 100 }, () => sampleEntry());
    const rows = entries.map((entry) => toCallRow(entry));
    await expect
      .poll(
        () => {
          books.events.publish(rows);
          return books.events.subscriberCount;
        },
        { timeout: 20_000, interval: 25 },
      )
      .toBe(0);
    // What was on its way is still read; then the connection is cut.
    await new Promise<void>((resolve) => {
      response.on('error', () => resolve()).on('close', () => resolve());
      response.resume();
    });
    await served.close(0);
  });

  test('a port in use is an error that says what to do', async () => {
    const served = await serveControlPlane(books.app, { host: '127.0.0.1', port: 0 });
    const port = Number(new URL(served.url).port);
    const second = serveControlPlane(books.app, { host: '127.0.0.1', port });
    await expect(second).rejects.toThrow(/in use.*control\.port/);
    await expect(second).rejects.toSatisfy(FarthingError.isInstance);
    await served.close();
  });
});

async function firstCalls(response: Response): Promise<{ id: string }[]> {
  const found: { id: string }[][] = [];
  const parser = createParser({
    onEvent: (event) => {
      if (event.event === 'calls') found.push(JSON.parse(event.data).calls);
    },
  });
  const decoder = new TextDecoder();
  const reader = response.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error('The stream ended without calls.');
    parser.feed(decoder.decode(value, { stream: true }));
    if (found[0] !== undefined) return found[0];
  }
}
