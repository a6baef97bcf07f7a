import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { openPoster } from './poster.js';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

async function post(answer: (response: ServerResponse) => void, timeoutMilliseconds = 5_000) {
  server = createServer((incoming, response) => {
    incoming.resume().on('end', () => answer(response));
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/s3cret?key=s3cret`;
  return openPoster({ url, timeoutMilliseconds }).post('{}');
}

test('an answer is told by its host and status, with whether it may pass', async () => {
  const answers = [200, 204, 302, 400, 408, 429, 500, 503];
  const told = [];
  for (const status of answers) {
    const answer = await post((response) => response.writeHead(status).end());
    expect(answer.summary).toMatch(new RegExp(`^127\\.0\\.0\\.1:\\d+ answers ${status}$`));
    told.push([answer.ok, answer.mayPass]);
    server!.close();
  }
  expect(told).toEqual([
    [true, false],
    [true, false],
    [false, false],
    [false, false],
    [false, true],
    [false, true],
    [false, true],
    [false, true],
  ]);
});

test('a pause is read in seconds or as a date, and nothing else is one', async () => {
  const pauseOf = async (header: string) => {
    const headers = { 'retry-after': header };
    const answer = await post((response) => response.writeHead(429, headers).end());
    server!.close();
    return answer.retryAfterMilliseconds;
  };
  expect(await pauseOf('120')).toBe(120_000);
  expect(await pauseOf('Fri, 31 Dec 1999 23:59:59 GMT')).toBe(0);
  expect(await pauseOf(new Date(Date.now() + 3_600_000).toUTCString())).toBeGreaterThan(3_000_000);
  expect(await pauseOf('soon')).toBeNull();
  expect(await pauseOf('-5')).toBeNull();
});

test('what is asked of another address of the host is answered with its text, taken or not', async () => {
  server = createServer((incoming, response) => {
    const isThere = incoming.method === 'GET' && incoming.url === '/other?of=1';
    incoming.resume().on('end', () => response.writeHead(isThere ? 200 : 404).end('[1, 2]'));
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const poster = openPoster({ url: `http://${host}/s3cret`, timeoutMilliseconds: 5_000 });
  const asked = { method: 'GET', url: `http://${host}/other?of=1` } as const;
  expect(await poster.request(asked)).toMatchObject({ ok: true, text: '[1, 2]' });
  const gone = await poster.request({ ...asked, method: 'DELETE' });
  expect(gone).toMatchObject({ ok: false, mayPass: false, summary: `${host} answers 404` });
});

test('an answer without end is read as far as it is of use', async () => {
  const answer = await post((response) => {
    response.writeHead(500);
    const write = (): void => {
      if (response.destroyed) return;
      response.write('x'.repeat(1_000), () => setImmediate(write));
    };
    write();
  });
  expect(answer.text).toBe('x'.repeat(2_000));
});

test('an answer that stops in the middle is given up, and shows no part of the address', async () => {
  const hanging = post((response) => void response.writeHead(500).write('x'), 200);
  await expect(hanging).rejects.toThrow(/^127\.0\.0\.1:\d+ does not answer: no answer in time$/);
});

test('what is under way when it is closed is given up at once', async () => {
  let arrived = () => {};
  const isThere = new Promise<void>((resolve) => (arrived = resolve));
  server = createServer(() => arrived());
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const poster = openPoster({ url: `http://127.0.0.1:${port}/`, timeoutMilliseconds: 600_000 });
  const posting = poster.post('{}');
  await isThere;
  await poster.close();
  await expect(posting).rejects.toThrow(/does not answer: it was given up/);
});
