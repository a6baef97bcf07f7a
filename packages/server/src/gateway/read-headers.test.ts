import { TagCollector } from '@farthing/core';
import { describe, expect, test } from 'vitest';
import { readHeaders } from './read-headers.js';

const read = (...pairs: [string, string][]) => readHeaders(pairs.flat(), new Set(['region']));
function tags(...pairs: [string, string][]) {
  const collector = new TagCollector();
  for (const [name, value] of read(...pairs).tags) collector.set(name, value);
  return collector.tags;
}

describe('request headers', () => {
  test('give tags under our names', () => {
    expect(
      tags(
        ['X-Farthing-Feature', 'search'],
        ['x-farthing-template-version', 'v7'],
        ['x-farthing-tags', 'team=core,plan=a%2Cb'],
      ),
    ).toEqual({ feature: 'search', template_version: 'v7', custom: { team: 'core', plan: 'a,b' } });
  });

  test('give tags under the names of other tools', () => {
    expect(
      tags(
        ['Helicone-User-Id', 'u1'],
        ['Helicone-Session-Id', 's1'],
        ['Helicone-Property-Feature', 'chat'],
        ['Helicone-Property-City', 'Bern'],
      ),
    ).toEqual({ user: 'u1', session: 's1', feature: 'chat', custom: { city: 'Bern' } });
    expect(tags(['x-litellm-tags', 'a, b'], ['x-litellm-end-user-id', 'u2'])).toEqual({
      user: 'u2',
      custom: { 'label/a': 'true', 'label/b': 'true' },
    });
    expect(tags(['x-portkey-metadata', '{"_user":"u3","feature":"f","nested":{"x":1}}'])).toEqual({
      user: 'u3',
      feature: 'f',
    });
    expect(tags(['cf-aig-metadata', '{"team":"x","n":4}'])).toEqual({
      custom: { team: 'x', n: '4' },
    });
    expect(tags(['x-bf-dim-team', 'core'])).toEqual({ custom: { team: 'core' } });
  });

  test('our own headers win over baggage, baggage over other tools', () => {
    expect(
      tags(
        ['x-farthing-feature', 'mine'],
        ['baggage', 'feature=theirs,session=s,region=eu,secret=1'],
        ['Helicone-Session-Id', 'h'],
      ),
    ).toEqual({ feature: 'mine', session: 's', custom: { region: 'eu' } });
  });

  test('continue the trace', () => {
    expect(
      tags(['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01']).trace,
    ).toBe('0af7651916cd43dd8448eb211c80319c');
  });

  test('ours and hop-by-hop ones stay here, all others go on as they came', () => {
    const { forward } = read(
      ['Host', 'x'],
      ['Connection', 'close'],
      ['X-Farthing-Feature', 'f'],
      ['Content-Length', '2'],
      ['X-Custom', 'Ä'],
      ['traceparent', 't'],
    );
    expect(forward).toEqual(['X-Custom', 'Ä', 'traceparent', 't']);
  });

  test('a placeholder key is left out, so that the key from the environment takes its place', () => {
    expect(read(['authorization', 'Bearer farthing'], ['a', 'b'])).toMatchObject({
      hasKey: false,
      forward: ['a', 'b'],
    });
    expect(read(['x-api-key', 'sk-real'])).toMatchObject({
      hasKey: true,
      forward: ['x-api-key', 'sk-real'],
    });
  });

  test('the SDKs announce retries', () => {
    expect(read(['x-stainless-retry-count', '2']).attempt).toBe(3);
    expect(read(['x-stainless-retry-count', 'lots']).attempt).toBe(1);
  });

  test('UTF-8 arrives as Latin-1 and is understood; bytes that are not UTF-8 are kept', () => {
    expect(tags(['x-farthing-feature', Buffer.from('Zürich 🚀').toString('latin1')]).feature).toBe(
      'Zürich 🚀',
    );
    expect(tags(['x-farthing-feature', 'caf\u00e9']).feature).toBe('caf\u00e9');
  });

  test('no name that a caller can think of is mistaken for a member of an object', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    expect(read(...names.map((name): [string, string] => [name, 'x'])).forward).toHaveLength(8);
  });

  test('tell about the body before it arrives', () => {
    expect(read(['content-length', '12'], ['Content-Encoding', 'gzip'])).toMatchObject({
      contentLength: 12,
      hasBody: true,
      encodedBody: true,
    });
    expect(read(['transfer-encoding', 'chunked'])).toMatchObject({
      contentLength: null,
      hasBody: true,
    });
    expect(read(['host', 'h'])).toMatchObject({ host: 'h', hasBody: false, encodedBody: false });
  });

  test('metadata that is not JSON is reported, not fatal', () => {
    expect(read(['x-portkey-metadata', '{oops']).problems).toEqual([
      'a metadata header was ignored: it is not JSON',
    ]);
  });
});
