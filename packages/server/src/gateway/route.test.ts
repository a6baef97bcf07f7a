import { describe, expect, test } from 'vitest';
import { resolveProviders } from './providers.js';
import { hasDotSegment, matchRoute } from './route.js';

const providers = resolveProviders(
  {
    groq: { base_url: 'https://api.groq.com/openai/v1', api: 'openai' },
    openai: { base_url: 'http://127.0.0.1:9999/mock/', api: 'openai' },
    'openai-eu': { base_url: 'https://eu.api.openai.com', api: 'openai', price_as: 'openai' },
    'azure-eu': {
      base_url: 'https://x.openai.azure.com',
      api: 'openai',
      price_as: 'azure',
      deployment_type: 'DataZoneStandard',
    },
    aws: { base_url: 'https://bedrock-runtime.us-east-1.amazonaws.com', api: 'bedrock' },
    vertex: { base_url: 'https://europe-west1-aiplatform.googleapis.com', api: 'gemini' },
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
  ])('POST %s', (url, expected) => expect(match('POST', url)).toEqual(expected));

  test('paths that climb are recognised, plain or encoded', () => {
    for (const path of ['/openai/../x', '/openai/%2e%2E/x', '/a/.', '/..', '/a/./b'])
      expect(hasDotSegment(path)).toBe(true);
    for (const path of ['/openai/v1.5/x', '/a/..b', '/a/b..', '/a?x=/../'])
      expect(hasDotSegment(path)).toBe(false);
  });

  test.each([
    ['/openai/v1/completions', 'completions', null],
    ['/openai/v1/images/generations', 'images.generations', null],
    ['/openai/v1/images/edits', 'images.edits', null],
    ['/openai/v1/images/variations', 'images', null],
    ['/openai/v1/audio/transcriptions', 'audio.transcriptions', null],
    ['/openai/v1/audio/translations', 'audio.translations', null],
    ['/openai/v1/audio/speech', 'audio.speech', null],
    ['/openai/v1/moderations', 'moderations', null],
    ['/openai/v1/responses/compact', 'responses', null],
    ['/groq/rerank', 'rerank', null],
    ['/groq/v2/rerank', 'rerank.v2', null],
    ['/groq/v2/chat', 'chat.v2', null],
    ['/groq/v2/embed', 'embed.v2', null],
    ['/groq/v1/ocr', 'ocr', null],
    ['/groq/v1/fim/completions', 'completions', null],
    ['/anthropic/v1/chat/completions', 'chat.completions', null],
    ['/v1beta/openai/chat/completions', 'chat.completions', null],
    ['/gemini/v1beta/interactions', 'interactions', null],
    [
      '/gemini/v1beta/models/gemini-embedding-001:batchEmbedContents',
      'embedContent',
      'gemini-embedding-001',
    ],
    ['/gemini/v1beta/models/imagen-4.0-generate-001:predict', 'images', 'imagen-4.0-generate-001'],
    [
      '/openai/openai/deployments/chat-prod/chat/completions?api-version=2024-10-21',
      'chat.completions',
      null,
    ],
    [
      '/aws/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse',
      'converse',
      'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    ],
    [
      '/aws/model/amazon.nova-pro-v1:0/invoke-with-response-stream',
      'invokeModelWithResponseStream',
      'amazon.nova-pro-v1:0',
    ],
    ['/aws/openai/v1/chat/completions', 'chat.completions', null],
    [
      '/vertex/v1/projects/p/locations/us-east5/publishers/anthropic/models/claude-sonnet-4-5@20250929:streamRawPredict',
      'messages',
      'claude-sonnet-4-5@20250929',
    ],
  ])('POST %s is metered as %s', (url, api, model) => {
    expect(match('POST', url)?.slice(2)).toEqual([api, model]);
  });

  test.each([
    '/gemini/v1beta/models/gemini-2.5-pro:countTokens',
    '/gemini/v1beta/models/gemini-2.5-pro:batchGenerateContent',
    '/gemini/v1beta/models/veo-3.0-generate-001:predictLongRunning',
    '/vertex/v1/projects/p/locations/us-east5/publishers/anthropic/models/count-tokens:rawPredict',
    '/openai/v1/responses/input_tokens',
    '/openai/v1/threads/thread_1/messages',
    '/openai/v1/files',
    '/openai/v1/batches',
    '/anthropic/v1/messages/batches',
    '/aws/model/amazon.nova-pro-v1:0/count-tokens',
  ])('POST %s passes unmetered', (url) => expect(match('POST', url)?.[2]).toBeNull());

  test('what the address says of the price goes with the call', () => {
    const context = (url: string) => matchRoute('POST', url, providers)?.context;
    expect(context('/v1/chat/completions')).toBeUndefined();
    expect(context('/gemini/v1beta/models/gemini-2.5-pro:generateContent')).toBeUndefined();
    expect(context('/openai-eu/v1/chat/completions')).toEqual({ endpoint: 'eu.api.openai.com' });
    expect(context('/azure-eu/openai/deployments/x/chat/completions')).toEqual({
      deployment_type: 'DataZoneStandard',
    });
    expect(
      context(
        '/vertex/v1/projects/p/locations/us-east5/publishers/google/models/m:generateContent',
      ),
    ).toEqual({ endpoint: 'vertex', location: 'us-east5' });
    expect(
      context('/vertex/v1/projects/p/locations/global/endpoints/openapi/chat/completions'),
    ).toEqual({ endpoint: 'vertex', location: 'global' });
    expect(context('/vertex/v1/publishers/google/models/m:generateContent')).toEqual({
      endpoint: 'europe-west1-aiplatform.googleapis.com',
      location: 'europe-west1',
    });
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

  test('a provider booked under a built-in one’s name has its prices too', () => {
    const google = { base_url: 'https://x', api: 'gemini' as const };
    expect(resolveProviders({ google }, {}).get('google')?.priceAs).toBe('google');
    expect(() =>
      resolveProviders({ google: { ...google, price_as: 'google-vertex' } }, {}),
    ).toThrow(/providers\.google.*same `price_as`/);
  });

  test('keys come from the environment', () => {
    expect(providers.get('openai')?.apiKey).toBe('sk-test');
    expect(providers.get('anthropic')?.apiKey).toBeUndefined();
  });
});
