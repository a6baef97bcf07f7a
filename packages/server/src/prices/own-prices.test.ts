import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PriceBook, ruleLayer } from '@farthing/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendOwnLine, ownRules, parseOwnPrices, readOwnPrices } from './own-prices.js';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'farthing-own-'));
  path = join(directory, 'prices', 'own.jsonl');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const stamp = { recorded_at: '2026-11-22T10:00:00.000Z', recorded_by: 'ada' };
const price = (fields: object) => ({ provider: 'openai', model: 'm', ...fields });
const set = (id: string, fields: object) => ({ id, ...stamp, price: price(fields) });
const text = (...lines: object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
const rules = (...lines: object[]) => ownRules(readOwnPrices(text(...lines)));
const rate = (input: string) => ({ rates_per_mtok: { input } });

describe('rows set by command', () => {
  test('say who set them, when and why', () => {
    expect(rules({ ...set('1', rate('2')), note: 'contract 7' })).toMatchObject([
      { rates: { input: '2' }, source: 'set 2026-11-22 by ada: contract 7' },
    ]);
  });

  test('are taken back as if they had never been, or from a time on', () => {
    const row = set('1', rate('2'));
    expect(rules(row, { id: '2', ...stamp, unset: ['1'] })).toEqual([]);
    expect(
      rules(row, { id: '2', ...stamp, unset: ['1'], from: '2026-12-01T00:00:00Z' }),
    ).toMatchObject([{ rates: { input: '2' }, to: '2026-12-01T00:00:00Z' }]);
    const later = set('1', { ...rate('2'), effective_from: '2027-01-01T00:00:00Z' });
    expect(rules(later, { id: '2', ...stamp, unset: ['1'], from: '2026-12-01T00:00:00Z' })).toEqual(
      [],
    );
  });

  test('a later discount takes the place of an earlier one, for as long as it holds', () => {
    const first = set('1', { discount: '0.1' });
    const second = set('2', {
      discount: '0.2',
      effective_from: '2026-12-01T00:00:00Z',
      effective_to: '2027-01-01T00:00:00Z',
    });
    expect(rules(first, second)).toMatchObject([
      { multiply: { all: '0.9' }, to: '2026-12-01T00:00:00Z' },
      { multiply: { all: '0.9' }, from: '2027-01-01T00:00:00Z' },
      { multiply: { all: '0.8' } },
    ]);
    expect(rules(first, set('2', { discount: '0.2' }))).toMatchObject([
      { multiply: { all: '0.8' } },
    ]);
    expect(rules(first, { ...second, price: { ...second.price, model: 'other' } })).toHaveLength(2);
  });

  test('a later discount takes the place of one for the same model by another id', () => {
    const listed = ruleLayer('base', 'list@1', [
      { provider: 'openai', model: 'm', aliases: ['m-latest'], rates: { input: '1' }, source: 's' },
    ]);
    const lines = [set('1', { discount: '0.1' }), set('2', { model: 'm-latest', discount: '0.2' })];
    const { layer } = parseOwnPrices(text(...lines), new PriceBook([listed]));
    expect(layer.rules('openai')).toMatchObject([{ multiply: { all: '0.8' } }]);
  });

  test('that cannot be used are left out and told by their line; the others hold', () => {
    const damaged = `${text(set('1', rate('2')))}{"id":"2","pri\n${text(set('3', rate('-1')))}`;
    const { layer, problem } = parseOwnPrices(damaged);
    expect(layer.rules('openai')).toHaveLength(1);
    expect(problem).toMatch(/line 2 cannot be used: .*line 3 cannot be used: .*input/s);
  });
});

test('a line goes after one that a crash has torn, and nothing is ever rewritten', () => {
  appendOwnLine(path, set('1', rate('2')));
  appendFileSync(path, '{"id":"torn');
  const before = readFileSync(path, 'utf8');
  appendOwnLine(path, set('2', rate('3')));
  const after = readFileSync(path, 'utf8');
  expect(after.startsWith(before)).toBe(true);
  const { prices, problems } = readOwnPrices(after);
  expect(prices.map(({ row }) => row.id)).toEqual(['1', '2']);
  expect(problems).toHaveLength(1);
});
