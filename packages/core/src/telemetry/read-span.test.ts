import { describe, expect, test } from 'vitest';
import { isReadAttribute } from './attribute-names.js';
import { readSpan } from './read-span.js';
import { chatAttributes, sampleSpan } from './span.fixture.js';
import type { AttributeValue } from './span.js';

const read = (attributes: Record<string, AttributeValue>, rest: object = {}) =>
  readSpan(sampleSpan({ attributes, ...rest }), (tags) => {
    if (tags.user !== undefined) tags.user = `hidden ${tags.user.length}`;
  });

const tokensOf = (attributes: Record<string, AttributeValue>, rest: object = {}) => {
  const { reading } = read(attributes, rest).call!;
  return reading.status === 'ok' ? reading.usage.tokens : reading;
};

describe('a call is read in every vocabulary', () => {
  test('OpenTelemetry, current names', () => {
    expect(
      read({
        ...chatAttributes,
        'gen_ai.response.id': 'chatcmpl-1',
        'gen_ai.usage.cache_read.input_tokens': 400,
        'openai.response.service_tier': 'flex',
      }).call,
    ).toMatchObject({
      role: 'call',
      api: 'otel.genai',
      provider: 'openai',
      model_requested: 'gpt-4o-mini',
      model: 'gpt-4o-mini-2024-07-18',
      response_id: 'chatcmpl-1',
      operation: 'chat',
      outcome: 'ok',
      reading: {
        usage: {
          tokens: { input_uncached: 600, cache_read: 400, output: 100 },
          modifiers: { service_tier: 'flex' },
        },
      },
    });
  });

  test('OpenTelemetry, former names', () => {
    expect(
      tokensOf({
        'gen_ai.system': 'openai',
        'gen_ai.request.model': 'gpt-4o',
        'gen_ai.usage.prompt_tokens': 12,
        'gen_ai.usage.completion_tokens': 3,
      }),
    ).toMatchObject({ input_uncached: 12, output: 3 });
  });

  test('counts that an exporter sent as texts', () => {
    expect(
      tokensOf({ 'gen_ai.usage.input_tokens': '123', 'gen_ai.usage.output_tokens': '4' }),
    ).toMatchObject({ input_uncached: 123, output: 4 });
  });

  test('OpenInference', () => {
    expect(
      read({
        'openinference.span.kind': 'LLM',
        'llm.provider': 'openai',
        'llm.model_name': 'o3-2025-04-16',
        'llm.token_count.prompt': 1500,
        'llm.token_count.completion': 4200,
        'llm.token_count.prompt_details.cache_read': 1024,
      }).call,
    ).toMatchObject({
      api: 'openinference',
      model: 'o3-2025-04-16',
      reading: { usage: { tokens: { input_uncached: 476, cache_read: 1024, output: 4200 } } },
    });
  });

  test('OpenLLMetry of Anthropic, whose input leaves the cache out', () => {
    const scope = '@traceloop/instrumentation-anthropic';
    expect(
      tokensOf(
        {
          'gen_ai.provider.name': 'anthropic',
          'gen_ai.usage.input_tokens': 3000,
          'gen_ai.usage.output_tokens': 10,
          'gen_ai.usage.cache_read.input_tokens': 2000,
          'gen_ai.usage.total_tokens': 3010,
        },
        { scope },
      ),
    ).toMatchObject({ input_uncached: 3000, cache_read: 2000, output: 10 });
  });

  test('Langfuse, whose parts are disjoint', () => {
    expect(
      read({
        'langfuse.observation.type': 'generation',
        'langfuse.observation.model.name': 'claude-sonnet-4-5',
        'langfuse.observation.usage_details': JSON.stringify({
          input: 600,
          input_cached_tokens: 400,
          output: 60,
          output_reasoning_tokens: 40,
          total: 1100,
        }),
      }).call,
    ).toMatchObject({
      api: 'langfuse',
      provider: 'anthropic',
      reading: {
        usage: {
          tokens: { input_uncached: 600, cache_read: 400, output: 100 },
          details: { reasoning: 40 },
        },
      },
    });
  });

  test('Langfuse, where overlapping details made the rest 0: the total settles it', () => {
    const details = { input: 0, input_cached_tokens: 400, input_text_tokens: 1000, output: 5 };
    expect(
      tokensOf({
        'langfuse.observation.type': 'generation',
        'langfuse.observation.usage_details': JSON.stringify({ ...details, total: 1005 }),
      }),
    ).toMatchObject({ input_uncached: 600, cache_read: 400, output: 5 });
  });

  test('AI SDK 6, with what the provider said in its metadata', () => {
    const metadata = {
      anthropic: {
        cacheCreationInputTokens: 900,
        usage: {
          input_tokens: 21,
          output_tokens: 393,
          cache_creation_input_tokens: 900,
          cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 900 },
        },
      },
    };
    expect(
      read({
        'ai.operationId': 'ai.generateText.doGenerate',
        'ai.model.provider': 'anthropic.messages',
        'ai.model.id': 'claude-sonnet-4-5',
        'ai.response.providerMetadata': JSON.stringify(metadata),
        'ai.usage.inputTokens': 921,
        'ai.usage.inputTokenDetails.noCacheTokens': 21,
        'ai.usage.inputTokenDetails.cacheWriteTokens': 900,
        'ai.usage.outputTokens': 393,
        'gen_ai.usage.input_tokens': 921,
        'gen_ai.usage.output_tokens': 393,
      }).call,
    ).toMatchObject({
      role: 'call',
      provider: 'anthropic',
      api: 'ai-sdk.v6',
      reading: { usage: { tokens: { input_uncached: 21, cache_write_1h: 900, output: 393 } } },
    });
  });

  test('AI SDK embeddings', () => {
    const call = {
      'ai.operationId': 'ai.embed.doEmbed',
      'ai.model.provider': 'openai.embedding',
      'ai.usage.tokens': 17,
    };
    expect(tokensOf(call)).toMatchObject({ input_uncached: 17, output: 0 });
  });

  test('LangSmith', () => {
    const call = { 'langsmith.span.kind': 'llm', ...chatAttributes };
    expect(read(call).call).toMatchObject({ role: 'call' });
  });
});

describe('what stands around calls', () => {
  test.each([
    [
      { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'planner' },
      'agent',
      'planner',
    ],
    [{ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'search' }, 'tool', 'search'],
    [{ 'ai.operationId': 'ai.toolCall', 'ai.toolCall.name': 'search' }, 'tool', 'search'],
    [{ 'openinference.span.kind': 'AGENT', 'agent.name': 'planner' }, 'agent', 'planner'],
    [{ 'openinference.span.kind': 'CHAIN' }, 'chain', 'chat'],
    [{ 'traceloop.span.kind': 'workflow', 'traceloop.entity.name': 'w' }, 'chain', 'w'],
    [{ 'langfuse.observation.type': 'tool' }, 'tool', 'chat'],
  ])('%j is a step', (attributes, kind, name) => {
    const facts = read(attributes as unknown as Record<string, AttributeValue>);
    expect(facts).toMatchObject({ step: { kind, name } });
    expect(facts.call).toBeUndefined();
  });

  test.each([
    { 'ai.operationId': 'ai.generateText', 'ai.usage.inputTokens': 5, 'ai.usage.outputTokens': 1 },
    { ...chatAttributes, 'gen_ai.operation.name': 'invoke_agent' },
    { 'openinference.span.kind': 'CHAIN', 'llm.token_count.prompt': 5 },
  ])('a step that states usage is a summary', (attributes) => {
    expect(read(attributes as Record<string, AttributeValue>).call?.role).toBe('summary');
  });

  test('a fetched response repeats what was billed before', () => {
    const fetched = { ...chatAttributes, 'gen_ai.operation.name': 'fetch_response' };
    expect(read(fetched).call).toBeUndefined();
  });

  test('a span of something else keeps its place alone', () => {
    expect(read({ 'http.request.method': 'POST' })).toEqual({
      trace: 'a'.padStart(32, '0'),
      span: '1'.padStart(16, '0'),
      parent: null,
    });
  });
});

describe('a call that failed', () => {
  test('costs nothing where it states no usage', () => {
    const {
      'gen_ai.usage.input_tokens': _in,
      'gen_ai.usage.output_tokens': _out,
      ...rest
    } = chatAttributes;
    expect(read({ ...rest, 'error.type': '429' }, { failed: true }).call).toMatchObject({
      outcome: 'error',
      error_type: '429',
      reading: { status: 'not_billed' },
    });
  });

  test('names the type of the exception, never its message', () => {
    const named = read(chatAttributes, { failed: true, exception: 'RateLimitError' });
    expect(named.call).toMatchObject({ error_type: 'RateLimitError' });
    const told = read({ ...chatAttributes, 'error.type': 'You asked: "how do I …"' });
    expect(told.call).not.toHaveProperty('error_type');
  });

  test('is unknown, not free, where the client left', () => {
    const call = read(
      { 'gen_ai.operation.name': 'chat', 'error.type': 'AbortError' },
      { failed: true },
    ).call;
    expect(call).toMatchObject({ outcome: 'aborted', reading: { status: 'no_usage' } });
  });
});

describe('counts that cannot be true are never billed', () => {
  test.each([
    { ...chatAttributes, 'gen_ai.usage.input_tokens': -5 },
    { ...chatAttributes, 'gen_ai.usage.input_tokens': 1.5 },
    { ...chatAttributes, 'gen_ai.usage.input_tokens': 'many' },
    { ...chatAttributes, 'gen_ai.usage.total_tokens': 7 },
    { ...chatAttributes, 'gen_ai.usage.reasoning_tokens': 101 },
  ])('%#', (attributes) => {
    expect(read(attributes).call?.reading.status).toBe('invalid_usage');
  });
});

describe('tags', () => {
  const tags = (attributes: Record<string, AttributeValue>) =>
    Object.fromEntries(read(attributes).tags ?? []);

  test('of conventions, of the application and of our own, ours last', () => {
    expect(
      tags({
        'session.id': 's1',
        'gen_ai.agent.name': 'planner',
        'ai.telemetry.functionId': 'invoices',
        'ai.telemetry.metadata.tenantId': 'acme',
        'ai.telemetry.metadata.cohort': 'b',
        'traceloop.association.properties.plan': 'pro',
        'baggage.farthing.route': '/pay',
        'farthing.feature': 'billing',
        'farthing.call.id': 'no tag',
      }),
    ).toEqual({
      session: 's1',
      agent: 'planner',
      tenant: 'acme',
      cohort: 'b',
      segment: 'pro',
      route: '/pay',
      feature: 'billing',
    });
  });

  test.each(['user.id', 'enduser.id', 'langfuse.user.id', 'ai.telemetry.metadata.userId'])(
    '%s is replaced before anything is kept',
    (attribute) => {
      const facts = read({ ...chatAttributes, [attribute]: 'jane@example.com' });
      expect(Object.fromEntries(facts.tags!)['user']).toBe('hidden 16');
      expect(JSON.stringify(facts)).not.toContain('jane');
    },
  );

  test('of OpenInference’s metadata, which is JSON', () => {
    expect(tags({ metadata: '{"cohort":"b","nested":{"a":1},"n":3}' })).toEqual({
      cohort: 'b',
      n: '3',
    });
  });

  test('long texts and structures are no tags', () => {
    expect(
      tags({
        'farthing.note': 'x'.repeat(300),
        'langfuse.trace.metadata.chat': '[{"role":"user"}]',
      }),
    ).toEqual({});
  });
});

test('text of prompts and answers is not even decoded', () => {
  for (const name of [
    'gen_ai.input.messages',
    'gen_ai.output.messages',
    'gen_ai.prompt.0.content',
    'gen_ai.completion.0.content',
    'gen_ai.system_instructions',
    'gen_ai.tool.call.arguments',
    'llm.input_messages.0.message.content',
    'input.value',
    'output.value',
    'ai.prompt',
    'ai.prompt.messages',
    'ai.response.text',
    'ai.toolCall.args',
    'traceloop.entity.input',
    'langfuse.observation.input',
    'langfuse.trace.output',
  ]) {
    expect(isReadAttribute(name), name).toBe(false);
  }
});
