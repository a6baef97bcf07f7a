import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keptBoundaries } from './kept-boundaries.js';
import { PrefixReader } from './prefix-reader.js';
import { JsonText } from '../meter/scan-json.js';
import { cacheMarker, type PrefixHash, type PromptJson } from './read-prefixes.js';

class PromptText extends JsonText implements PromptJson {
  readonly #text: string;

  constructor(text: string) {
    super(text);
    this.#text = text;
  }

  markerFrom(at: number): number {
    return this.#text.indexOf(cacheMarker, at);
  }
}

function hashOf(text: string, key = 'secret'): PrefixHash {
  const hash = createHash('sha256').update(key);
  return {
    update: (start, end) => void hash.update(text.slice(start, end)),
    mark: () => hash.copy().digest('base64url').slice(0, 8),
  };
}

const long = (word: string, count = 600) => `${word} `.repeat(count);
const at = Date.UTC(2026, 2, 1);

function read(body: object, changes: { key?: string; inputTokens?: number } = {}) {
  const { key, inputTokens = 4_000 } = changes;
  const text = JSON.stringify(body);
  const hash = hashOf(text, key);
  const json = new PromptText(text);
  return new PrefixReader().read({ json, hash, inputTokens, group: 'search', at });
}

const turns = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: long(`turn${index}`, 100),
  }));

describe('the prefixes of a prompt', () => {
  test('are the same as far as prompts are the same, and no further', () => {
    const system = long('instructions');
    const first = read({ system, messages: turns(3) })!;
    const second = read({ system, messages: turns(5) }, { inputTokens: 6_000 })!;
    const other = read({ system, messages: [{ role: 'user', content: long('other') }] })!;
    expect(second.keys).toEqual(expect.arrayContaining(first.keys));
    expect(other.keys[0]).toBe(first.keys[0]);
    expect(other.keys[1]).not.toBe(first.keys[1]);
    expect(first.head).toBe(2);
  });

  test('stand in the order in which models read, whatever the order of the members', () => {
    const [tools, system, messages] = [
      [{ name: long('tool', 200) }],
      long('system', 300),
      turns(2),
    ];
    expect(read({ messages, system, tools })).toEqual(read({ tools, system, messages }));
  });

  test('do not change with cache markers, which move while the prompt stays the same', () => {
    const text = long('instructions');
    const control = { cache_control: { type: 'ephemeral', ttl: '1h' } };
    const body = (marker: object) => ({
      tools: [{ ...marker, name: 'search', description: long('tool') }],
      system: [{ type: 'text', text, ...marker }],
      messages: [{ role: 'user', content: [{ ...marker, type: 'text', text: long('question') }] }],
    });
    expect(read(body(control))!.keys).toEqual(read(body({}))!.keys);
    // What a text says of markers is text.
    const told = { system: text, messages: [{ role: 'user', content: JSON.stringify(control) }] };
    const untold = { system: text, messages: [{ role: 'user', content: '{}' }] };
    expect(read(told)!.keys).not.toEqual(read(untold)!.keys);
  });

  test('reach up to the tokens that the provider counted', () => {
    const { tokens } = read({ system: long('instructions'), messages: turns(7) })!;
    expect(tokens.at(-1)).toBe(4_000);
    expect(tokens).toEqual(tokens.toSorted((a, b) => a - b));
  });

  test('of OpenAI’s and Gemini’s requests have their instructions in the head', () => {
    const system = long('instructions');
    const openai = { messages: [{ role: 'developer', content: system }, ...turns(3)] };
    expect(read(openai)!.head).toBe(2);
    const gemini = {
      systemInstruction: { parts: [{ text: system }] },
      contents: [{ role: 'user', parts: [{ text: 'why?' }] }],
    };
    expect(read(gemini)!.keys).toHaveLength(2);
    expect(read({ instructions: system, input: 'why?' })!.head).toBe(2);
  });

  test('of another key are others, so that nobody without it can test a guess', () => {
    const body = { system: long('instructions'), messages: turns(3) };
    expect(read(body, { key: 'other' })!.keys).not.toEqual(read(body)!.keys);
  });

  test('are none of short prompts, of images, and of what is no prompt', () => {
    const body = { system: 'short', messages: turns(1) };
    expect(read(body, { inputTokens: 1_023 })).toBeUndefined();
    const image = { messages: [{ role: 'user', content: [{ data: 'A'.repeat(200_000) }] }] };
    expect(read(image, { inputTokens: 1_600 })).toBeUndefined();
    expect(read({ prompt: long('text') })).toBeUndefined();
    const text = '{"messages":[{"role":"user","content":"cut';
    const cut = {
      json: new PromptText(text),
      hash: hashOf(text),
      inputTokens: 2_000,
      group: '',
      at,
    };
    expect(new PrefixReader().read(cut)).toBeUndefined();
  });

  test('hold no text: keys of eight characters, a bounded number of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), (count) => {
        const { keys } = read({ messages: turns(count) }, { inputTokens: count * 150 + 1_024 })!;
        expect(keys.every((key) => /^[\w-]{8}$/.test(key))).toBe(true);
        expect(keys.length).toBeLessThanOrEqual(40);
      }),
      { numRuns: 20 },
    );
  });
});

test('boundaries that a long conversation keeps were kept by all its shorter prompts that had them', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 0, max: 300 }),
      (count, more) => {
        const before = new Set(keptBoundaries(count));
        const later = keptBoundaries(count + more).filter((number) => number < count);
        expect(later.every((number) => before.has(number))).toBe(true);
        expect(keptBoundaries(count).at(-1)).toBe(count - 1);
      },
    ),
  );
});

describe('text that repeats behind a difference', () => {
  const stable = Array.from(
    { length: 60 },
    (_, index) => `Rule ${index}: ${long('word', 12)}.`,
  ).join('\n');
  const reading = () => {
    const reader = new PrefixReader();
    return (system: string, question = 'why?') => {
      const text = JSON.stringify({ system, messages: [{ role: 'user', content: question }] });
      const hash = hashOf(text);
      const json = new PromptText(text);
      return reader.read({ json, hash, inputTokens: 2_000, group: 'dated', at })!.repeated;
    };
  };

  test('is what a cache would serve if what changes stood behind it', () => {
    const repeated = reading();
    expect(repeated(`It is 10:00.\n${stable}`)).toBeUndefined();
    expect(repeated(`It is 10:01.\n${stable}`)).toBeGreaterThan(1_700);
  });

  test('is nothing where the beginning is stable, and where nothing repeats', () => {
    const repeated = reading();
    repeated(stable, 'first');
    expect(repeated(stable, 'second')).toBeLessThan(50);
    expect(repeated(long('quite another text'))).toBeLessThan(50);
  });
});
