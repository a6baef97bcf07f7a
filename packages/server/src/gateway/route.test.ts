import { describe, expect, test } from 'vitest';
import { resolveProviders } from './providers.js';
import { hasDotSegment, matchRoute } from './route.js';

const providers = resolveProviders(
  {
    groq: { base_url: 'https://api.groq.com/openai/v1', api: 'openai' },
    openai: { base_url: 'http://127.0.0.1:9999/mock/', api: 'openai' },
  },
  { OPENAI_API_KEY: 'sk-test' },
);
const match = (method: string, url: string) => {
  const route = matchRoute(method, url, providers);
  return route && [route.provider.name, route.upstreamPath, route.api, route.model];
};

describe('routing', () => {
  test.each([
    [
      '/openai/v1/chat/completions',
      ['openai', '/mock/v1/chat/completions', 'chat.completions', null],
    ],
    ['/v1/responses', ['openai', '/mock/v1/responses', 'responses', null]],
    ['/v1/embeddings', ['openai', '/mock/v1/embeddings', 'embeddings', null]],
    ['/v1/messages', ['anthropic', '/v1/messages', 'messages', null]],
    ['/anthropic/v1/messages?beta=true', ['anthropic', '/v1/messages?beta=true', 'messages', null]],
    ['/anthropic/v1/messages/count_tokens', ['anthropic', '/v1/messages/count_tokens', null, null]],
    [
      '/gemini/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse',
      [
        'google',
        '/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse',
        'generateContent',
        'gemini-2.5-pro',
      ],
    ],
    [
      '/groq/v1/chat/completions',
      ['groq', '/openai/v1/chat/completions', 'chat.completions', null],
    ],
    ['/groq/chat/completions', ['groq', '/openai/v1/chat/completions', 'chat.completions', null]],
    ['/openai/v1/images/generations', ['openai', '/mock/v1/images/generations', null, null]],
  ])('POST %s', (url, expected) => expect(match('POST', url)).toEqual(expected));

  test('paths that climb are recognised, plain or encoded', () => {
    for (const path of ['/openai/../x', '/openai/%2e%2E/x', '/a/.', '/..', '/a/./b'])
      expect(hasDotSegment(path)).toBe(true);
    for (const path of ['/openai/v1.5/x', '/a/..b', '/a/b..', '/a?x=/../'])
      expect(hasDotSegment(path)).toBe(false);
  });

  test('only POST is metered', () => {
    expect(match('GET', '/v1/responses/resp_1')).toEqual([
      'openai',
      '/mock/v1/responses/resp_1',
      null,
      null,
    ]);
    expect(match('GET', '/openai/v1/models')?.[2]).toBeNull();
  });

  test('a path that no provider owns has no route', () => {
    expect(match('GET', '/')).toBeNull();
    expect(match('POST', '/mistral/v1/chat/completions')).toBeNull();
  });

  test('a provider may not take the name of one of the gateway’s own paths', () => {
    expect(() =>
      resolveProviders({ metrics: { base_url: 'http://x', api: 'openai' } }, {}),
    ).toThrow(/providers\.metrics.*Choose another/);
  });

  test('keys come from the environment', () => {
    expect(providers.get('openai')?.apiKey).toBe('sk-test');
    expect(providers.get('anthropic')?.apiKey).toBeUndefined();
  });
});
