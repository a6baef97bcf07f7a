import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchContent } from './fetch-content.js';
import { shownUrl } from './location.js';

const prices = '[{"provider":"openai","model":"x","rates_per_mtok":{"input":"1"}}]';
const seen: { path: string; authorization: string | undefined }[] = [];

const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));

const pages: Record<string, RequestListener> = {
  '/prices.json': (incoming, response) => {
    if (incoming.headers['if-none-match'] === '"v1"') return void response.writeHead(304).end();
    response.writeHead(200, { 'content-type': 'application/json', etag: '"v1"' }).end(prices);
  },
  '/page': (_incoming, response) =>
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>'),
  '/disguised': (_incoming, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('\n <!doctype html>'),
  '/500': (_incoming, response) => response.writeHead(500).end('no'),
  '/hangs': () => {},
  '/drips': (_incoming, response) => {
    response.writeHead(200).write('[');
    const timer = setInterval(() => response.write(' '), 20);
    response.once('close', () => clearInterval(timer));
  },
  '/says-10-gb': (_incoming, response) => {
    response.writeHead(200, { 'content-length': String(10 * 1024 ** 3) }).write('[');
  },
  '/sends-10-gb': (_incoming, response) => {
    response.writeHead(200);
    const chunk = Buffer.alloc(1024 * 1024, ' ');
    const more = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', more);
    more();
  },
  '/bomb': (_incoming, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
  '/binary': (_incoming, response) => response.writeHead(200).end(Buffer.from([0xff, 0xfe, 0x00])),
  '/breaks-off': (_incoming, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('[{', () => response.destroy());
  },
  '/moved': (_incoming, response) => response.writeHead(302, { location: '/prices.json' }).end(),
  '/elsewhere': (_incoming, response) =>
    response.writeHead(302, { location: `${other.url}/prices.json` }).end(),
  '/round': (_incoming, response) => response.writeHead(302, { location: '/round' }).end(),
  '/to-a-file': (_incoming, response) =>
    response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
};

const main = serve();
const other = serve();

function serve() {
  const server = createServer((incoming, response) => {
    const path = incoming.url ?? '';
    seen.push({ path, authorization: incoming.headers.authorization });
    const page = pages[path];
    if (page === undefined) return void response.writeHead(404).end();
    page(incoming, response);
  });
  return {
    server,
    get url() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
  };
}

beforeAll(async () => {
  for (const { server } of [main, other]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }
});
afterAll(() => {
  for (const { server } of [main, other]) {
    server.closeAllConnections();
    server.close();
  }
});

const get = (path: string, known = {}, timeoutMilliseconds = 20_000) =>
  fetchContent(main.url + path, { timeoutMilliseconds, known });

test('prices come with what their server needs to be asked again, and nothing comes twice', async () => {
  const first = await get('/prices.json');
  expect(first).toEqual({ text: prices, etag: '"v1"' });
  expect(await get('/prices.json', first!)).toBeNull();
});

test.each([
  ['/page', /a web page, not with prices/],
  ['/disguised', /a web page, not with prices/],
  ['/500', /answers with status 500/],
  ['/nowhere', /answers with status 404/],
  ['/says-10-gb', /10240 MB, more than 8 MB/],
  ['/sends-10-gb', /more than 8 MB/],
  ['/bomb', /more than 8 MB/],
  ['/binary', /not text in UTF-8/],
  ['/breaks-off', /breaks off/],
  ['/round', /redirects more than 3 times/],
  ['/to-a-file', /redirects to file:/],
])('%s is refused: %s', async (path, message) => {
  await expect(get(path)).rejects.toThrow(message);
});

test.each(['/hangs', '/drips'])('%s is given up in time', async (path) => {
  await expect(get(path, {}, 200)).rejects.toThrow(/does not answer within 0\.2 s/);
});

test('a server that is not there is named as the cause', async () => {
  await expect(
    fetchContent('http://127.0.0.1:1/prices.json', { timeoutMilliseconds: 2_000 }),
  ).rejects.toThrow(/cannot be reached: .*(ECONNREFUSED|bad port)/);
});

test('redirects are followed, and the password goes to its own host only', async () => {
  expect((await get('/moved'))?.text).toBe(prices);
  seen.length = 0;
  const secret = main.url.replace('http://', 'http://me:p%40ss@');
  await fetchContent(`${secret}/elsewhere`, { timeoutMilliseconds: 5_000 });
  expect(seen).toEqual([
    { path: '/elsewhere', authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}` },
    { path: '/prices.json', authorization: undefined },
  ]);
});

test('a URL is shown without what could be secret in it', () => {
  expect(shownUrl('https://me:secret@example.com/p.json?token=abc#x')).toBe(
    'https://example.com/p.json?…',
  );
});
