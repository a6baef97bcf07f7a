import { emptyTokens, FarthingError, readPriceFile, type Entry } from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { sampleEntry } from '../store/conformance/batches.js';
import { remedyFor } from './remedy.js';

const book = defaultPriceBook();
const entry = (changes: Partial<NonNullable<Entry['usage']>>): Entry =>
  sampleEntry({
    cost: { usd: null, status: 'unknown_model', charges: [] },
    usage: {
      tokens: emptyTokens(),
      details: {},
      units: {},
      modifiers: {},
      estimated: false,
      raw: null,
      notes: [],
      ...changes,
    },
  });
const gap = (changes: Partial<Parameters<typeof remedyFor>[0]> = {}) =>
  remedyFor({
    provider: 'openai',
    model: 'gpt-house',
    status: 'unknown_model',
    suggestion: null,
    entries: [],
    book,
    ...changes,
  });

/** What the reader of prices says to the snippet once a person has written a rate into it. */
function read(snippet: string | null, rate: string) {
  return readPriceFile(parse((snippet ?? '').replaceAll('RATE', rate)), 'snippet', book);
}

test('what is proposed is a price file, once the rates are in it, and none before', () => {
  const { snippet } = gap();
  expect(read(snippet, '2.5').rules).toMatchObject([
    { provider: 'openai', model: 'gpt-house', rates: { input: '2.5', output: '2.5' } },
  ]);
  expect(() => read(snippet, 'RATE')).toThrow(FarthingError);
});

test('a model with nearly the name of a listed one may be the same, or have its own rates', () => {
  const twin = gap({ suggestion: { provider: 'openai', model: 'gpt-4.1' } });
  expect(read(twin.snippet, '').rules).toMatchObject([{ same_as: 'gpt-4.1' }]);
  const elsewhere = gap({
    provider: 'azure',
    suggestion: { provider: 'openai', model: 'gpt-4.1' },
  });
  expect(elsewhere.command).toMatch(/--provider azure .*--same-as openai\/gpt-4\.1$/m);
  expect(twin.snippet).toContain('# rates_per_mtok: { input: "RATE", output: "RATE" }');
  expect(twin.command).toMatch(/\n.* --input RATE --output RATE$/);
});

test('a known model on a tier without a rate needs the rate of that tier', () => {
  const entries = [entry({ modifiers: { service_tier: 'reserved' } })];
  const { snippet, command } = gap({ model: 'gpt-4.1', entries });
  expect(read(snippet, '3').rules).toMatchObject([{ when: { service_tier: 'reserved' } }]);
  expect(command).toMatch(/ --tier reserved /);
  const ordinary = [entry({ modifiers: { service_tier: 'default' } })];
  expect(gap({ model: 'gpt-4.1', entries: ordinary }).command).not.toMatch(/--tier/);
});

test('units and tools that a partial cost lacks are named', () => {
  const units = gap({ status: 'partial', entries: [entry({ units: { pages: 3 } })] });
  expect(read(units.snippet, '1').rules).toMatchObject([{ rates: { pages: '1' } }]);
  expect(units.command).toMatch(/ --rate pages=RATE$/);
  const tools = gap({ status: 'partial', entries: [entry({ units: { 'tool:web_lookup': 2 } })] });
  expect(read(tools.snippet, '0.005').tools).toMatchObject([{ name: 'web_lookup' }]);
  expect(tools.command).toBe('farthing prices set --tool web_lookup --price RATE');
});

test('nothing is proposed where no price helps', () => {
  for (const status of ['no_usage', 'invalid_usage'] as const) {
    expect(gap({ status })).toEqual({ snippet: null, command: null });
  }
  expect(gap({ model: null }).snippet).toBeNull();
});

test.each([
  ["gpt'; rm -rf ~; '", String.raw`--model 'gpt'\''; rm -rf ~; '\'''`],
  ['a: b # c', "--model 'a: b # c'"],
  ['null', '--model null'],
  ['\u001B[31m"x"\n', null],
])('whatever a caller names a model, snippet and command mean that name: %j', (model, word) => {
  const { snippet, command } = gap({ model });
  const { prices } = parse(snippet ?? '') as { prices: { model: string }[] };
  expect(prices[0]?.model).toBe(model);
  if (word !== null) expect(command).toContain(word);
});
