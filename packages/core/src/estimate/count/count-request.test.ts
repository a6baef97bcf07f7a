import { expect, test } from 'vitest';
import { countRequest } from './count-request.js';

const openai = { provider: 'openai', model: 'gpt-4o' };
const claude = { provider: 'anthropic', model: 'claude-sonnet-4-5' };
const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';

test('of a chat the texts are counted, and for every message what frames it', () => {
  const count = countRequest(
    {
      model: 'gpt-4o',
      temperature: 0.2,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', name: 'ada', content: [{ type: 'text', text: 'What is it?' }] },
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            {
              id: 'call_1',
              type: 'function',
              function: { name: 'look', arguments: '{"at":"it"}' },
            },
          ],
        },
        { role: 'tool', tool_call_id: 'call_1', content: 'A stone.' },
      ],
    },
    openai,
  );
  expect(count.texts).toEqual([
    'Be brief.',
    'ada',
    'What is it?',
    'look',
    '{"at":"it"}',
    'A stone.',
  ]);
  expect(count.framing).toBe(4 * 4 + 1 + 3);
  expect(count).toMatchObject({ family: { own: true, factor: 1 }, files: [], notes: [] });
});

test('functions are counted as OpenAI renders them: the example of its cookbook, section 7', () => {
  const { texts, toolFraming, notes } = countRequest(
    {
      messages: [],
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_current_weather',
            description: 'Get the current weather in a given location.',
            parameters: {
              type: 'object',
              properties: {
                location: { type: 'string', description: 'The city, e.g. San Francisco, CA' },
                unit: { type: 'string', description: 'The unit', enum: ['celsius', 'fahrenheit'] },
              },
              required: ['location'],
            },
          },
        },
      ],
    },
    openai,
  );
  expect(texts).toEqual([
    'get_current_weather:Get the current weather in a given location',
    'location:string:The city, e.g. San Francisco, CA',
    'celsius',
    'fahrenheit',
    'unit:string:The unit',
  ]);
  expect(toolFraming).toBe(7 + 3 + 3 + (3 - 3 + 2 * 3) + 12);
  expect(notes).toEqual(['Tool schemas are counted by documented rules.']);
});

test('Claude: system, results of tools, images and the instructions that tools bring', () => {
  const count = countRequest(
    {
      system: [{ type: 'text', text: 'You sort mail.', cache_control: { type: 'ephemeral' } }],
      tools: [{ name: 'sort', input_schema: { type: 'object' } }],
      tool_choice: { type: 'any' },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 't', content: [{ type: 'text', text: 'done' }] },
            {
              type: 'image',
              source: { type: 'base64', media_type: 'image/png', data: pixel },
            },
            { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
            { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Dear' } },
          ],
        },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 't', name: 'sort', input: { to: 'spam' } }],
        },
      ],
    },
    claude,
  );
  expect(count.texts).toEqual([
    'You sort mail.',
    'done',
    'Dear',
    'sort',
    '{"to":"spam"}',
    '{"name":"sort","input_schema":{"type":"object"}}',
  ]);
  expect(count.toolFraming).toBe(313);
  expect(count.files).toEqual([
    { kind: 'image', tokens: 1, size: { width: 1, height: 1 }, isInline: true },
    { kind: 'image', tokens: 1_560, size: null, isInline: false },
  ]);
  expect(count.notes).toHaveLength(4);
});

test('Gemini: contents, grouped functions, inline and uploaded files', () => {
  const pdf = Buffer.from(
    '%PDF-1.7\n1 0 obj << /Type /Pages /Kids [2 0 R 3 0 R] /Count 7 >> endobj',
    'latin1',
  ).toString('base64');
  const { texts, files, framing } = countRequest(
    {
      systemInstruction: { parts: [{ text: 'Read.' }] },
      tools: [{ functionDeclarations: [{ name: 'a' }, { name: 'b' }] }],
      contents: [
        {
          role: 'user',
          parts: [
            { text: 'Sum up.' },
            { inlineData: { mimeType: 'application/pdf', data: pdf } },
            { inline_data: { mime_type: 'audio/mp3', data: 'A'.repeat(64_000) } },
            { fileData: { mimeType: 'video/mp4', fileUri: 'https://example.com/f' } },
          ],
        },
      ],
    },
    { provider: 'google', model: 'gemini-2.5-pro' },
    (base64) => Buffer.from(base64, 'base64').toString('latin1'),
  );
  expect(texts).toEqual(['Read.', 'Sum up.', '{"name":"a"}', '{"name":"b"}']);
  expect(framing).toBe(0);
  expect(files.map(({ kind, tokens }) => [kind, tokens])).toEqual([
    ['document', 7 * 258],
    // 48,000 bytes at 128 kbit/s are three seconds.
    ['audio', 3 * 32],
    ['video', 60 * 290],
  ]);
});

test('Bedrock’s Converse, and schemas that an answer must have', () => {
  const converse = countRequest(
    {
      system: [{ text: 'Be brief.' }],
      messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
      toolConfig: { tools: [{ toolSpec: { name: 'look' } }] },
      inferenceConfig: { maxTokens: 10 },
    },
    { provider: 'aws-bedrock', model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0' },
  );
  expect(converse.texts).toEqual(['Be brief.', 'Hello', '{"toolSpec":{"name":"look"}}']);
  expect(converse.toolFraming).toBe(346);
  const schema = { type: 'object' };
  const formatted = (body: Record<string, unknown>) => countRequest(body, openai).texts;
  expect(formatted({ generationConfig: { responseSchema: schema } })).toEqual([
    '{"type":"object"}',
  ]);
  const json = { type: 'json_schema', json_schema: { name: 'a', schema } };
  expect(formatted({ response_format: json })).toEqual(['{"name":"a","schema":{"type":"object"}}']);
  expect(formatted({ text: { format: { type: 'text' } } })).toEqual([]);
});

test('responses: text as one string, or as items; a conversation kept elsewhere is said', () => {
  const viewer = { provider: 'openai', model: 'gpt-5.6-luna' };
  const body = { instructions: 'Be kind.', input: 'Go on', previous_response_id: 'resp_1' };
  const { texts, notes, framing } = countRequest(body, viewer);
  expect(texts).toEqual(['Be kind.', 'Go on']);
  expect(framing).toBe(0);
  expect(notes[0]).toContain('the provider keeps');
});

test('parts that lie within one another without end are not followed to the end', () => {
  let part: Record<string, unknown> = { text: 'deep' };
  for (let level = 0; level < 5_000; level++) part = { content: [part] };
  expect(countRequest({ messages: [part] }, openai).texts).toEqual([]);
});
