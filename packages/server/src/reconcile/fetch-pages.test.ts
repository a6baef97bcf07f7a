import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { fetchPages, type PageSource } from './fetch-pages.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A provider that gives these answers in turn, the last for ever, and remembers what it was asked. */
async function provider(...answers: Answer[]) {
  const asked: { url: string; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', authorization: request.headers.authorization });
    answers[Math.min(asked.length, answers.length) - 1]!(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const source: PageSource = {
    provider: 'openai',
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    headers: { authorization: 'Bearer sk-admin' },
    backoffMilliseconds: 1,
  };
  return { asked, source };
}

const status =
  (code: number, headers: Record<string, string> = {}, body = '{}'): Answer =>
  (_request, response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.end(body);
  };
const page = (body: object) => status(200, {}, JSON.stringify(body));
const last = page({ data: ['last'], has_more: false, next_page: null });

describe('pages of a report', () => {
  test('are followed to the last, with the same parameters', async () => {
    const { asked, source } = await provider(
      page({ data: ['first'], has_more: true, next_page: 'page_2' }),
      last,
    );
    const pages = await fetchPages(source, '/v1/costs', [
      ['group_by', 'a'],
      ['group_by', 'b'],
    ]);
    expect(pages).toMatchObject([{ data: ['first'] }, { data: ['last'] }]);
    expect(asked.map(({ url }) => url)).toEqual([
      '/v1/costs?group_by=a&group_by=b',
      '/v1/costs?group_by=a&group_by=b&page=page_2',
    ]);
    expect(asked.every(({ authorization }) => authorization === 'Bearer sk-admin')).toBe(true);
  });

  test('that go round in a circle are refused', async () => {
    const { source } = await provider(page({ data: [], has_more: true, next_page: 'page_2' }));
    await expect(fetchPages(source, '/v1/costs', [])).rejects.toThrow(
      /has more pages but not which/,
    );
  });

  test('are asked for again when the provider is busy, down or gone', async () => {
    const { asked, source } = await provider(
      status(429, { 'retry-after': '0' }),
      status(503),
      (request) => request.socket.destroy(),
      last,
    );
    expect(await fetchPages(source, '/v1/costs', [])).toHaveLength(1);
    expect(asked).toHaveLength(4);
  });

  test('are given up after six attempts, with what else can be done', async () => {
    const { asked, source } = await provider(status(500));
    await expect(fetchPages(source, '/v1/costs', [])).rejects.toThrow(
      /after 6 attempts \(status 500\).*--usage and --costs/,
    );
    expect(asked).toHaveLength(6);
  });

  test('of an endpoint that does not exist are none', async () => {
    const { source } = await provider(status(404));
    expect(await fetchPages(source, '/v1/usage/unheard-of', [])).toBeNull();
  });
});

test('pages are read also where the control plane serves, which puts another Response in place', async () => {
  const { getRequestListener } = await import('@hono/node-server');
  const { Response: before, Request: request } = globalThis;
  getRequestListener(() => new Response(), { overrideGlobalObjects: true });
  try {
    const { source } = await provider(last);
    expect(await fetch('data:,answer')).not.toBeInstanceOf(globalThis.Response);
    expect(await fetchPages(source, '/v1/costs', [])).toHaveLength(1);
  } finally {
    Object.assign(globalThis, { Response: before, Request: request });
  }
});

describe('a refusal', () => {
  test.each([401, 403])('%i names the variable and where its key comes from', async (code) => {
    const { asked, source } = await provider(status(code));
    await expect(fetchPages(source, '/v1/costs', [])).rejects.toThrow(
      /OPENAI_ADMIN_KEY.*sk-admin-….*platform\.openai\.com/,
    );
    expect(asked).toHaveLength(1);
  });

  test('of a request repeats the provider’s words, and is not tried again', async () => {
    const body = JSON.stringify({ error: { message: "Invalid value: 'x'." } });
    const { asked, source } = await provider(status(400, {}, body));
    await expect(fetchPages(source, '/v1/costs?limit=1', [])).rejects.toThrow(
      "openai answered 400 to /v1/costs: Invalid value: 'x'.",
    );
    expect(asked).toHaveLength(1);
  });

  test('a page that is not JSON points at the address', async () => {
    const { source } = await provider(status(200, {}, '<!doctype html>'));
    await expect(fetchPages(source, '/v1/costs', [])).rejects.toThrow(/not JSON. Check --base-url/);
  });
});

test('a redirect is not followed: it could carry the key elsewhere', async () => {
  const elsewhere = await provider(last);
  const { source } = await provider(
    status(302, { location: `${elsewhere.source.baseUrl}/v1/costs` }),
  );
  await expect(fetchPages(source, '/v1/costs', [])).rejects.toThrow(/after 6 attempts/);
  expect(elsewhere.asked).toEqual([]);
});
