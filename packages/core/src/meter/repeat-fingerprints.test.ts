import { describe, expect, it } from 'vitest';
import { BackwardText } from './backward-text.fixture.js';
import { RepeatFinder } from './repeat-fingerprints.js';
import { scanJsonObject } from './scan-json.js';

/** FNV-1a: what the gateway's keyed hash is not, but equal for equal texts. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}

const lists = ['messages', 'input', 'contents'];

function asking(): (request: object, run?: string) => number | undefined {
  const finder = new RepeatFinder(hash);
  return (request, run = 'r_1') => {
    const json = new BackwardText(JSON.stringify(request));
    const { values } = scanJsonObject(json, new Set(lists))!;
    const list = lists.map((name) => values.get(name)).find((range) => range !== undefined);
    return finder.repeats(run, json, list!);
  };
}

/** A conversation that grows by a turn and what the tool says to it. */
const shapes: Record<string, (turns: readonly string[]) => object> = {
  'chat completions': (turns) => ({
    model: 'gpt-4.1',
    messages: [
      { role: 'system', content: 'You search.' },
      { role: 'user', content: 'Find the order.' },
      ...turns.flatMap((query, index) => [
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            {
              id: `call_${hash(`${index}`)}`,
              type: 'function',
              function: { name: 'search', arguments: JSON.stringify({ query }) },
            },
          ],
        },
        { role: 'tool', tool_call_id: `call_${hash(`${index}`)}`, content: 'Nothing "found"]}.' },
      ]),
    ],
    tools: [{ type: 'function', function: { name: 'search' } }],
  }),
  responses: (turns) => ({
    model: 'gpt-5.4',
    input: [
      { role: 'user', content: 'Find the order.' },
      ...turns.flatMap((query, index) => [
        { type: 'reasoning', id: `rs_${index}`, encrypted_content: `gAAAA${hash(`r${index}`)}` },
        {
          type: 'message',
          id: `msg_${index}`,
          role: 'assistant',
          content: [{ type: 'output_text', text: 'Let me look.', annotations: [] }],
        },
        {
          type: 'function_call',
          id: `fc_${index}`,
          call_id: `call_${hash(`${index}`)}`,
          name: 'search',
          arguments: JSON.stringify({ query }),
        },
        { type: 'function_call_output', call_id: `call_${hash(`${index}`)}`, output: '[]' },
      ]),
    ],
  }),
  messages: (turns) => ({
    model: 'claude-sonnet-4-5',
    messages: [
      { role: 'user', content: 'Find the order.' },
      ...turns.flatMap((query, index) => [
        {
          role: 'assistant',
          content: [
            {
              type: 'thinking',
              thinking: `Attempt ${index}: hm`,
              signature: `Eq${hash(`${index}`)}`,
            },
            { type: 'text', text: 'I will look for it.' },
            { type: 'tool_use', id: `toolu_${hash(`${index}`)}`, name: 'search', input: { query } },
          ],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: `toolu_${hash(`${index}`)}`,
              content: 'none',
              // A breakpoint wanders with the end of the conversation.
              ...(index === turns.length - 1 ? { cache_control: { type: 'ephemeral' } } : {}),
            },
          ],
        },
      ]),
    ],
  }),
  generateContent: (turns) => ({
    contents: [
      { role: 'user', parts: [{ text: 'Find the order.' }] },
      ...turns.flatMap((query, index) => [
        {
          parts: [{ functionCall: { id: `f${index}`, name: 'search', args: { query } } }],
          role: 'model',
        },
        { parts: [{ functionResponse: { name: 'search', response: { found: 0 } } }], role: 'user' },
      ]),
    ],
  }),
};

describe.each(Object.entries(shapes))('turns of a run in the shape of %s', (_name, shape) => {
  it('repeat what was said with other digits, and other ids', () => {
    const repeats = asking();
    const said = Array.from({ length: 6 }, (_, index) => `order of 2026-11-0${index}`);
    const told = said.map((_, index) => repeats(shape(said.slice(0, index + 1))));
    expect(told).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('are compared with the last ten, so that a loop of several steps shows', () => {
    const repeats = asking();
    const steps = ['open the list', 'read the list', 'close the list'];
    const said = Array.from({ length: 14 }, (_, index) => steps[index % 3]!);
    const told = said.map((_, index) => repeats(shape(said.slice(0, index + 1))));
    expect(told.slice(0, 7)).toEqual([0, 0, 0, 1, 1, 1, 2]);
    expect(told.at(-1)).toBe(3);
  });

  it('do not repeat one another where what is said differs', () => {
    const repeats = asking();
    const said = ['shoes', 'boots', 'socks', 'shirts'];
    expect(said.map((_, index) => repeats(shape(said.slice(0, index + 1))))).toEqual([0, 0, 0, 0]);
  });

  it('count once: another attempt, or a branch that goes on from the same turn, adds nothing', () => {
    const repeats = asking();
    expect(repeats(shape(['shoes']))).toBe(0);
    expect(repeats(shape(['shoes']))).toBeUndefined();
    expect(repeats(shape(['shoes', 'shoes']))).toBe(1);
    expect(repeats(shape(['shoes', 'shoes']))).toBeUndefined();
  });

  it('are those of one run', () => {
    const repeats = asking();
    expect(repeats(shape(['shoes']), 'r_1')).toBe(0);
    expect(repeats(shape(['shoes', 'shoes']), 'r_2')).toBe(0);
  });
});

describe('what is no turn of a run', () => {
  const chat = (...messages: object[]) => ({ messages });
  const user = (content: string) => ({ role: 'user', content });
  const assistant = (content: string) => ({ role: 'assistant', content });

  it('an example in a prompt, which is the same in every call, also behind a text of any length', () => {
    const repeats = asking();
    const example = assistant('{"label": "complaint", "confidence": 0.9}');
    const told = Array.from({ length: 12 }, (_, index) =>
      repeats(
        chat(
          { role: 'system', content: `Customer ${'x'.repeat((index * 7) % 5)}` },
          user('My parcel is lost.'),
          example,
          user(`Ticket ${index}`),
        ),
      ),
    );
    expect(told).toEqual([0, ...Array.from({ length: 11 }, () => undefined)]);
  });

  it('next to nothing: anybody says "Yes." again', () => {
    const repeats = asking();
    expect(repeats(chat(user('a?'), assistant('Yes.')))).toBeUndefined();
    expect(
      repeats(chat(user('a?'), assistant('Yes.'), user('b?'), assistant('Yes.'))),
    ).toBeUndefined();
  });

  it('a request without a turn of the model, or whose input is one text', () => {
    const repeats = asking();
    expect(repeats(chat(user('Classify this.')))).toBeUndefined();
    expect(repeats({ input: 'Tell me a joke.' })).toBeUndefined();
  });
});

it('finds a loop in which even the ids are the same, a turn later', () => {
  const repeats = asking();
  const turn = [
    { role: 'assistant', content: 'I will try the very same thing again.' },
    { role: 'user', content: 'It failed.' },
  ];
  const told = Array.from({ length: 6 }, (_, index) => {
    const turns = Array.from({ length: index + 1 }, () => turn);
    return repeats({ messages: [{ role: 'user', content: 'Go.' }, ...turns.flat()] });
  });
  expect(told).toEqual([0, undefined, 1, 2, 3, 4]);
});

it('remembers a bounded number of runs', () => {
  const repeats = asking();
  const request = shapes['messages']!(['shoes']);
  expect(repeats(request, 'first')).toBe(0);
  for (let run = 0; run < 10_000; run++) repeats(request, `r_${run}`);
  // It is forgotten, and so its turn is new again.
  expect(repeats(request, 'first')).toBe(0);
});
