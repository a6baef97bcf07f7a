import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestBooks, type TestBooks } from '../../test-support/open-test-books.js';

const query = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{"measures":["calls"]}',
};

describe('without a token', () => {
  let books: TestBooks;
  beforeAll(async () => {
    books = await openTestBooks({ allowedHosts: ['farthing.internal'] });
  });
  afterAll(() => books.close());

  test.each([
    'localhost:4142',
    '127.0.0.1:4142',
    '127.8.9.10',
    '[::1]:4142',
    'farthing.localhost',
    'farthing.internal',
  ])('answers under the name %s', async (host) => {
    const response = await books.app.request(`http://${host}/api/v1/status`);
    expect(response.status).toBe(200);
  });

  test.each(['evil.example', 'localhost.evil.example', '10.0.0.7:4142', '127.0.0.1.evil.example'])(
    'does not answer under %s: that is how DNS rebinding looks',
    async (host) => {
      for (const path of ['/', '/api/v1/status', '/metrics', '/openapi.json']) {
        const response = await books.app.request(`http://${host}${path}`);
        expect(response.status).toBe(403);
      }
      expect((await books.app.request(`http://${host}/healthz`)).status).toBe(200);
    },
  );

  test('the Host header counts, not the URL', async () => {
    const response = await books.app.request('http://localhost/api/v1/status', {
      headers: { host: 'evil.example' },
    });
    expect(response.status).toBe(403);
  });

  test.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['an opaque origin', { origin: 'null' }],
    ['another port of this host', { origin: 'http://localhost:3000' }],
    ['a browser that says so', { 'sec-fetch-site': 'cross-site' }],
  ])('a POST from a page of %s is refused', async (_, headers) => {
    const response = await books.request('/api/v1/query', {
      ...query,
      headers: { ...query.headers, ...headers },
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: 'cross_origin' } });
  });

  test('a POST from the dashboard itself, or from a program, is taken', async () => {
    expect((await books.request('/api/v1/query', query)).status).toBe(200);
    const own = { ...query.headers, host: 'localhost:4142', origin: 'http://localhost:4142' };
    expect((await books.request('/api/v1/query', { ...query, headers: own })).status).toBe(200);
  });
});

describe('with a token', () => {
  const token = 'a-token-of-sixteen-or-more';
  let books: TestBooks;
  beforeAll(async () => {
    books = await openTestBooks({ token });
  });
  afterAll(() => books.close());

  test('nothing but health answers without it', async () => {
    for (const path of [
      '/',
      '/assets/main-B7xq2LpQ.js',
      '/api/v1/status',
      '/metrics',
      '/openapi.json',
      '/nowhere',
    ]) {
      const response = await books.request(path);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
    for (const path of ['/healthz', '/readyz']) {
      expect((await books.request(path)).status).toBe(200);
    }
  });

  test('a program sends it as bearer, under any host name', async () => {
    const ask = (authorization: string) =>
      books.app.request('http://farthing.example/api/v1/status', { headers: { authorization } });
    expect((await ask(`Bearer ${token}`)).status).toBe(200);
    expect((await ask(`Bearer ${token}x`)).status).toBe(401);
    expect((await ask(`Basic ${token}`)).status).toBe(401);
  });

  test('a browser trades it for a cookie that is not the token, and loses it from its address bar', async () => {
    const signIn = await books.request(`/?token=${token}`);
    expect(signIn.status).toBe(303);
    expect(signIn.headers.get('location')).toBe('/');
    const cookie = signIn.headers.get('set-cookie')!;
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).not.toContain(token);
    const page = await books.request('/', { headers: { cookie: cookie.split(';')[0]! } });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Farthing');
  });

  test('a wrong one is answered with a page that asks again, and sets nothing', async () => {
    const response = await books.request('/?token=wrong', { headers: { accept: 'text/html' } });
    expect(response.status).toBe(401);
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(await response.text()).toContain('<form');
  });

  test('it does not excuse a POST from another site’s page', async () => {
    const cookie = (await books.request(`/?token=${token}`)).headers.get('set-cookie')!;
    const response = await books.request('/api/v1/query', {
      ...query,
      headers: { ...query.headers, cookie: cookie.split(';')[0]!, origin: 'https://evil.example' },
    });
    expect(response.status).toBe(403);
  });
});
