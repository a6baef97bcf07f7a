import { describe, expect, it } from 'vitest';
import { gatewayDefault, snippets } from './snippets.js';

describe('the first-call snippets', () => {
  const all = new Map(snippets(gatewayDefault).map(({ id, code }) => [id, code]));

  it.each([
    ['curl', 'http://127.0.0.1:4141/openai/v1/chat/completions'],
    ['openai-js', "baseURL: 'http://127.0.0.1:4141/openai/v1'"],
    ['openai-python', 'base_url="http://127.0.0.1:4141/openai/v1"'],
    ['anthropic-js', "baseURL: 'http://127.0.0.1:4141/anthropic'"],
    ['anthropic-python', 'base_url="http://127.0.0.1:4141/anthropic"'],
    ['gemini-js', "baseUrl: 'http://127.0.0.1:4141/gemini'"],
    ['ai-sdk', "baseURL: 'http://127.0.0.1:4141/openai/v1'"],
    ['environment', 'GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:4141/gemini'],
  ])('%s points at the gateway as that client expects it', (id, text) => {
    expect(all.get(id)).toContain(text);
  });

  it('all tag the call with a feature and hold no key', () => {
    for (const code of all.values()) {
      expect(code).toContain('x-farthing-feature');
      expect(code).not.toMatch(/sk-|AIza/);
    }
  });

  it('follow a gateway that listens elsewhere', () => {
    for (const { code } of snippets('http://10.0.0.7:9000')) expect(code).not.toContain('4141');
  });
});
