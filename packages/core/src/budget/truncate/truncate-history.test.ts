import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fields } from '../../usage/fields.js';
import { truncateHistory } from './truncate-history.js';

const say = (role: string, length = 100) => ({ role, content: role.slice(0, 1).repeat(length) });
const size = (item: object) => JSON.stringify(item).length + 1;

function messages(body: Fields | undefined): Fields[] {
  return (body?.['messages'] ?? []) as Fields[];
}

describe('the history of a chat', () => {
  const chat = {
    model: 'gpt-4.1',
    tools: [{ type: 'function', function: { name: 'search' } }],
    messages: [
      say('system'),
      say('user'),
      say('assistant'),
      say('user'),
      say('assistant'),
      say('user', 150),
    ],
  };

  test('loses its oldest turns first, and only as many as needed', () => {
    const cut = truncateHistory('chat.completions', chat, 50);
    expect(cut).toMatchObject({ droppedItems: 2, cutCharacters: 0 });
    expect(messages(cut?.body)).toEqual([chat.messages[0], ...chat.messages.slice(3)]);
    expect(cut?.body).toMatchObject({ model: 'gpt-4.1', tools: chat.tools });
  });

  test('keeps the system prompt and the last user message, whatever else goes', () => {
    const cut = truncateHistory('chat.completions', chat, 4 * size(say('user')));
    expect(messages(cut?.body)).toEqual([chat.messages[0], chat.messages[5]]);
  });

  test('has its longest text cut when leaving out is not enough', () => {
    const long = { ...chat, messages: [say('system', 5_000), say('user', 3_000)] };
    const cut = truncateHistory('chat.completions', long, 1_000);
    expect(cut).toMatchObject({ droppedItems: 0, cutCharacters: 1_000 });
    expect(messages(cut?.body)).toEqual([say('system', 5_000), say('user', 2_000)]);
  });

  test('is not cut to nothing', () => {
    expect(truncateHistory('chat.completions', chat, 100_000)).toBeNull();
    expect(truncateHistory('embeddings', { input: 'text' }, 10)).toBeNull();
    expect(truncateHistory('chat.completions', 'no object', 10)).toBeNull();
  });

  test('leaves the body that was given as it is', () => {
    const before = JSON.stringify(chat);
    truncateHistory('chat.completions', chat, 300);
    expect(JSON.stringify(chat)).toBe(before);
  });
});

describe('calls of tools and their answers', () => {
  const asks = (id: string) => ({
    role: 'assistant',
    content: null,
    tool_calls: [{ id, type: 'function' }],
  });
  const answers = (id: string, length = 400) => ({
    role: 'tool',
    tool_call_id: id,
    content: 'x'.repeat(length),
  });

  test('go together, the oldest step of the last turn first', () => {
    const body = {
      messages: [
        say('user'),
        asks('1'),
        answers('1'),
        asks('2'),
        answers('2'),
        asks('3'),
        answers('3'),
      ],
    };
    const cut = truncateHistory('chat.completions', body, 200);
    expect(messages(cut?.body)).toEqual([body.messages[0], ...body.messages.slice(3)]);
  });

  test('the newest step stays', () => {
    const body = {
      messages: [say('user'), asks('1'), answers('1'), asks('2'), answers('2', 4_000)],
    };
    const cut = truncateHistory('chat.completions', body, 1_500);
    expect(messages(cut?.body).map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
    expect(cut?.cutCharacters).toBeGreaterThan(0);
  });

  test('are never parted, in whatever order people and tools speak', () => {
    const turn = fc.oneof(
      fc.constant(['user']),
      fc.constant(['user', 'assistant']),
      fc.constant(['user', 'ask', 'answer', 'assistant']),
      fc.constant(['user', 'ask', 'answer', 'answer', 'ask', 'answer']),
    );
    fc.assert(
      fc.property(
        fc.array(turn, { minLength: 1, maxLength: 6 }),
        fc.nat(6_000),
        (turns, characters) => {
          let call = 0;
          const list = turns.flat().map((what) => {
            if (what === 'ask') return asks(`${(call += 1)}`);
            return what === 'answer' ? answers(`${call}`) : say(what);
          });
          const cut = truncateHistory('chat.completions', { messages: list }, characters);
          if (cut === null) return;
          const kept = messages(cut.body);
          const asked = new Set(
            kept.flatMap(
              ({ tool_calls: calls }) => (calls as Fields[] | undefined)?.map(({ id }) => id) ?? [],
            ),
          );
          for (const { role, tool_call_id: id } of kept)
            if (role === 'tool') expect(asked.has(id)).toBe(true);
          const answered = new Set(kept.map(({ tool_call_id: id }) => id));
          for (const id of asked) expect(answered.has(id)).toBe(true);
          expect(kept[0]?.['role']).toBe('user');
          const saved = JSON.stringify(list).length - JSON.stringify(kept).length;
          expect(saved).toBeGreaterThanOrEqual(characters - 1);
        },
      ),
    );
  });
});

describe('the same holds for', () => {
  test('Anthropic messages, where tools answer in a message of the user', () => {
    const body = {
      system: 'be kind',
      messages: [
        say('user'),
        say('assistant'),
        say('user'),
        { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'search', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'found' }] },
      ],
    };
    expect(truncateHistory('messages', body, 100)?.body).toEqual({
      system: 'be kind',
      messages: body.messages.slice(2),
    });
  });

  test('Gemini contents', () => {
    const part = (role: string, text: string) => ({ role, parts: [{ text }] });
    const body = {
      contents: [part('user', 'a'.repeat(200)), part('model', 'b'), part('user', 'c')],
    };
    expect(truncateHistory('generateContent', body, 100)?.body).toEqual({
      contents: [part('user', 'c')],
    });
  });

  test('OpenAI responses, where reasoning stays with the call it led to', () => {
    const input = [
      { role: 'user', content: 'find it' },
      { type: 'reasoning', id: 'r1', encrypted_content: 'e'.repeat(300) },
      { type: 'function_call', call_id: 'c1', name: 'search', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c1', output: 'x'.repeat(300) },
      { type: 'function_call', call_id: 'c2', name: 'search', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c2', output: 'found' },
    ];
    expect(truncateHistory('responses', { input }, 100)?.body).toEqual({
      input: [input[0], input[4], input[5]],
    });
  });
});
