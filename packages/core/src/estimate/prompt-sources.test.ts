import { describe, expect, test } from 'vitest';
import { promptSizes } from './prompt-sources.js';

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
        { role: 'assistant', content: text(600) },
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

  test('keep inline files apart, whose bytes are no text', () => {
    const url = `data:image/png;base64,${text(20_000)}`;
    const chat = {
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
    };
    expect(rough(promptSizes('chat.completions', chat))).toMatchObject({
      files: 20_000,
      user: 100,
    });
    const gemini = {
      systemInstruction: { parts: [{ text: text(300) }] },
      contents: [
        { role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data: text(5_000) } }] },
      ],
    };
    expect(rough(promptSizes('generateContent', gemini))).toMatchObject({
      files: 5_000,
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

  test('are unknown for what is no chat', () => {
    expect(promptSizes('embeddings', { input: ['a', 'b'] })).toBeNull();
    expect(promptSizes('chat.completions', 'text')).toBeNull();
  });
});
