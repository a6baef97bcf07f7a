import { describe, expect, test } from 'vitest';
import { readUsage } from './read-usage.js';

function read(payload: object) {
  return readUsage({ provider: 'openai', api: 'responses', payload });
}

const usage = {
  input_tokens: 2746,
  input_tokens_details: { cached_tokens: 2208, cache_write_tokens: 38 },
  output_tokens: 197,
  output_tokens_details: { reasoning_tokens: 64 },
  total_tokens: 2943,
};

describe('OpenAI responses usage', () => {
  test('input includes the cached part, output the reasoning', () => {
    expect(read({ id: 'resp_1', model: 'gpt-5', service_tier: 'flex', usage })).toMatchObject({
      status: 'ok',
      model: 'gpt-5',
      response_id: 'resp_1',
      usage: {
        tokens: { input_uncached: 500, cache_read: 2208, cache_write: 38, output: 197 },
        details: { reasoning: 64 },
        modifiers: { service_tier: 'flex' },
      },
    });
  });

  test('fees of built-in tools follow from the output items', () => {
    const output = [
      { type: 'web_search_call', action: { type: 'search', query: 'a' } },
      { type: 'web_search_call', action: { type: 'open_page', url: 'b' } },
      { type: 'web_search_call', action: { type: 'search', query: 'c' } },
      { type: 'file_search_call' },
      { type: 'code_interpreter_call', container_id: 'cntr_1' },
      { type: 'code_interpreter_call', container_id: 'cntr_1' },
      { type: 'message', content: [] },
    ];
    expect(read({ usage, output })).toMatchObject({
      usage: { units: { web_searches: 2, file_searches: 1, code_interpreter_sessions: 1 } },
    });
  });

  test('detail fields that are not known are noted', () => {
    const reading = read({
      usage: { ...usage, input_tokens_details: { orchestration_input_tokens: 5 } },
    });
    expect(reading).toMatchObject({
      status: 'ok',
      usage: { notes: [expect.stringContaining('orchestration_input_tokens')] },
    });
  });

  test.each([
    [{ ...usage, total_tokens: 2944 }],
    [{ ...usage, input_tokens_details: { cached_tokens: 2747 } }],
    [{ ...usage, output_tokens_details: { reasoning_tokens: 198 } }],
    [{ ...usage, output_tokens: undefined }],
  ])('a contradiction is not billed (%#)', (broken) => {
    expect(read({ usage: broken }).status).toBe('invalid_usage');
  });

  test('xAI counts its tool calls in usage', () => {
    const payload = {
      usage: {
        input_tokens: 10,
        output_tokens: 5,
        total_tokens: 15,
        server_side_tool_usage_details: { web_search_calls: 2, x_search_calls: 1 },
      },
    };
    expect(readUsage({ provider: 'xai', api: 'responses', payload })).toMatchObject({
      usage: { units: { web_searches: 2, social_searches: 1 } },
    });
  });
});

test('xAI: what searches files and what searches documents are both counted, a new tool is noted', () => {
  const usage = {
    input_tokens: 10,
    output_tokens: 5,
    total_tokens: 15,
    server_side_tool_usage_details: {
      file_search_calls: 2,
      document_search_calls: 3,
      mcp_calls: 4,
      hologram_calls: 1,
    },
  };
  expect(readUsage({ provider: 'xai', api: 'responses', payload: { usage } })).toMatchObject({
    usage: { units: { file_searches: 5 }, notes: [expect.stringContaining('hologram_calls = 1')] },
  });
});

describe('embeddings', () => {
  test('are input only', () => {
    const payload = {
      model: 'text-embedding-3-small',
      usage: { prompt_tokens: 12, total_tokens: 12 },
    };
    expect(readUsage({ provider: 'openai', api: 'embeddings', payload })).toMatchObject({
      usage: { tokens: { input_uncached: 12, output: 0 } },
    });
  });

  test('OpenRouter states its charge', () => {
    const usage = { prompt_tokens: 10, total_tokens: 10, cost: 2e-7 };
    const payload = { usage };
    expect(readUsage({ provider: 'openrouter', api: 'embeddings', payload })).toMatchObject({
      usage: { tokens: { input_uncached: 10 }, reported: { usd: '0.0000002' } },
    });
  });

  test('Voyage states the total alone', () => {
    const payload = { usage: { total_tokens: 12 } };
    expect(readUsage({ provider: 'voyageai', api: 'embeddings', payload })).toMatchObject({
      usage: { tokens: { input_uncached: 12 } },
    });
  });

  test('a total that differs is a contradiction', () => {
    const payload = { usage: { prompt_tokens: 12, total_tokens: 13 } };
    expect(readUsage({ provider: 'openai', api: 'embeddings', payload }).status).toBe(
      'invalid_usage',
    );
  });
});
