import { expect, test } from 'vitest';
import type { OutletConfig } from '../config/index.js';
import { readSecrets } from './read-secrets.js';

const postgres = (url: string): OutletConfig => ({
  name: 'finance',
  type: 'postgres',
  from: 'now',
  url,
});

test('a password is put into a URL as it is, whatever characters it has', () => {
  const config = postgres('postgres://farthing:${PASSWORD}@db.internal/finance?sslmode=require');
  for (const password of ['p@ss:w/rd#?%41', 'ünï c', "'", '%']) {
    const { url } = readSecrets(config, { PASSWORD: password }) as { url: string };
    expect(new URL(url).host).toBe('db.internal');
    expect(decodeURIComponent(new URL(url).password)).toBe(password);
  }
});

test('a whole URL, a path and a header come from the environment as they are', () => {
  const url = 'postgres://a:b%40c@host/db';
  expect(readSecrets(postgres('${URL}'), { URL: url })).toMatchObject({ url });
  const hook = readSecrets(
    {
      name: 'hook',
      type: 'webhook',
      from: 'now',
      url: 'https://example.com/${HOOK}?to=@team',
      headers: { authorization: 'Bearer ${KEY}' },
    },
    { HOOK: 'T0/B0/x', KEY: 'a/b@c' },
  );
  expect(hook).toMatchObject({
    url: 'https://example.com/T0/B0/x?to=@team',
    headers: { authorization: 'Bearer a/b@c' },
  });
});

test('what is missing or no URL is told by the field, and never with the value', () => {
  expect(() => readSecrets(postgres('postgres://x:${NO_SUCH}@host/db'), {})).toThrow(
    /takes `url` from the environment variable NO_SUCH, which is not set/,
  );
  for (const url of [
    'postgres://u:s3cret@ho st/db',
    'http://u:s3cret@host',
    'postgres://u:s3#cret@host',
  ]) {
    const failure = (() => {
      try {
        readSecrets(postgres(url), {});
      } catch (error) {
        return (error as Error).message;
      }
      return 'nothing was thrown';
    })();
    expect(failure).toMatch(/^The outlet "finance" has a `url`/);
    expect(failure).not.toMatch(/s3/);
  }
});

test('credentials in the URL of a webhook are refused: they belong into a header', () => {
  expect(() =>
    readSecrets(
      { name: 'hook', type: 'webhook', from: 'now', url: 'https://ada:s3cret@example.com/' },
      {},
    ),
  ).toThrow(/"hook".*headers/);
});

test('a header that cannot be sent is named, and not shown', () => {
  const config = (value: string): OutletConfig => ({
    name: 'hook',
    type: 'webhook',
    from: 'now',
    url: 'https://example.com/',
    headers: { authorization: value },
  });
  expect(() => readSecrets(config('Bearer s3c\nret'), {})).toThrow(/headers\.authorization/);
  expect(() => readSecrets(config('Bearer s3c\nret'), {})).not.toThrow(/s3c/);
  expect(() => readSecrets(config('Bearer €'), {})).toThrow(/headers\.authorization/);
  expect(readSecrets(config('Bearer ${KEY}'), { KEY: 's3cret\n' })).toMatchObject({
    headers: { authorization: 'Bearer s3cret' },
  });
});

test('a secret that signs is measured as the environment has it', () => {
  const hook: OutletConfig = {
    name: 'hook',
    type: 'webhook',
    from: 'now',
    url: 'https://example.com/',
    secret: '${KEY}',
  };
  const secret = 'a secret of some length';
  expect(readSecrets(hook, { KEY: secret })).toMatchObject({ secret });
  expect(() => readSecrets(hook, { KEY: 's3cret' })).toThrow(/"hook" has a `secret` of less than/);
});
