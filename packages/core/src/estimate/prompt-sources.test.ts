import { describe, expect, test } from 'vitest';
import { hiddenSource, promptSizes } from './prompt-sources.js';

const text = (length: number) => 'x'.repeat(length);
/** Sizes to the hundred: what stands around a text in JSON is a few characters. */
const rough = (sizes: ReturnType<typeof promptSizes>) =>
  sizes === null
    ? null
    : Object.fromEntries(
        Object.entries(sizes).map(([source, size]) => [source, Math.round(size / 100) * 100]),
      );

describe('the sources of a prompt', () => {
  test('are told by role and position in a chat', () => {
    const body = {
      tools: [{ type: 'function', function: { name: 'f', description: text(500) } }],
      messages: [
        { role: 'system', content: text(1_000) },
        { role: 'user', content: text(400) },
        { role: 'assistant', content: text(680) },
        { role: 'user', content: text(200) },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: '1', function: { name: 'f', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: '1', content: text(2_000) },
      ],
    };
    expect(rough(promptSizes('chat.completions', body))).toEqual({
      system: 1_000,
      tools: 600,
      history: 1_200,
      user: 200,
      context: 2_000,
      files: 0,
    });
  });

  test('tell retrieved text inside a message from what the user asks', () => {
    const question = `<documents>${text(3_000)}</documents>\n${text(300)}`;
    const body = { messages: [{ role: 'user', content: question }] };
    expect(rough(promptSizes('messages', body))).toMatchObject({ context: 3_000, user: 300 });
    const own = { messages: [{ role: 'user', content: `<kb id="1">${text(1_000)}</kb>?` }] };
    expect(rough(promptSizes('messages', own))).toMatchObject({ context: 0, user: 1_000 });
    expect(rough(promptSizes('messages', own, ['kb']))).toMatchObject({ context: 1_000, user: 0 });
  });

  test('know Anthropic search results and documents', () => {
    const body = {
      system: [{ type: 'text', text: text(710) }],
      messages: [
        {
          role: 'user',
          content: [
            {
              type: 'search_result',
              source: 'a',
              title: 'b',
              content: [{ type: 'text', text: text(1_500) }],
            },
            { type: 'text', text: text(450) },
          ],
        },
      ],
    };
    expect(rough(promptSizes('messages', body))).toMatchObject({
      system: 700,
      context: 1_600,
      user: 500,
    });
  });

  test('count files as what their tokens come to: 1,600 of an image, however large it is', () => {
    const url = `data:image/png;base64,${text(20_000)}`;
    const chat = {
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
    };
    expect(rough(promptSizes('chat.completions', chat))).toMatchObject({
      files: 6_400,
      user: 0,
    });
    const gemini = {
      systemInstruction: { parts: [{ text: text(300) }] },
      contents: [
        {
          role: 'user',
          parts: [{ inlineData: { mimeType: 'image/png', data: `iVBORw0K${text(5_000)}` } }],
        },
      ],
    };
    expect(rough(promptSizes('generateContent', gemini))).toMatchObject({
      files: 6_400,
      system: 300,
    });
  });

  test('are those of one text where the prompt is one', () => {
    expect(
      rough(promptSizes('responses', { instructions: text(200), input: text(900) })),
    ).toMatchObject({
      system: 200,
      user: 900,
    });
  });

  test('count an image that is only linked like one that is sent along', () => {
    const parts = [
      { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
      { type: 'text', text: text(300) },
    ];
    const chat = { messages: [{ role: 'user', content: parts }] };
    expect(rough(promptSizes('chat.completions', chat))).toMatchObject({ files: 6_400, user: 300 });
    const source = { type: 'url', url: 'https://example.com/a.png' };
    const message = { messages: [{ role: 'user', content: [{ type: 'image', source }] }] };
    expect(rough(promptSizes('messages', message))).toMatchObject({ files: 6_400, user: 0 });
  });

  test('tell a document by its bytes: a token for 25 of them', () => {
    const data = `JVBERi0xLjQK${text(99_988)}`;
    const source = { type: 'base64', media_type: 'application/pdf', data };
    const body = { messages: [{ role: 'user', content: [{ type: 'document', source }] }] };
    expect(rough(promptSizes('messages', body))).toMatchObject({ files: 16_000 });
  });

  test('tell what a tool answers from what the user says beside it', () => {
    const body = {
      messages: [
        { role: 'user', content: text(100) },
        { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: {} }] },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 't', content: text(1_950) },
            { type: 'text', text: text(480) },
          ],
        },
      ],
    };
    expect(rough(promptSizes('messages', body))).toMatchObject({ context: 2_000, user: 600 });
  });

  test('that are named and not sent along are known by what names them', () => {
    expect(hiddenSource({ previous_response_id: 'resp_1', input: 'and now?' })).toBe('history');
    expect(hiddenSource({ conversation: { id: 'conv_1' }, input: 'and now?' })).toBe('history');
    expect(hiddenSource({ prompt: { id: 'pmpt_1' } })).toBe('system');
    expect(hiddenSource({ cachedContent: 'cachedContents/1', contents: [] })).toBe('context');
    expect(hiddenSource({ messages: [] })).toBeNull();
  });

  test('are unknown for what is no chat', () => {
    expect(promptSizes('embeddings', { input: ['a', 'b'] })).toBeNull();
    expect(promptSizes('chat.completions', 'text')).toBeNull();
  });
});
