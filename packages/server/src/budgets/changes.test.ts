import { describe, expect, test } from 'vitest';
import { ChangesReader } from './changes.js';

const line = (id: string, at: string, more: object = { do: 'pause', name: 'team' }) =>
  `${JSON.stringify({ id, recorded_at: at, recorded_by: 'ada', ...more })}\n`;
const early = line('early', '2026-11-20T10:00:00Z');
const late = line('late', '2026-11-20T11:00:00Z');
const ids = (reader: ChangesReader, text: string) => reader.read(text).changes.map(({ id }) => id);

describe('the file of changes', () => {
  test('has each once, in the order in which they were recorded', () => {
    expect(ids(new ChangesReader(), late + early + late)).toEqual(['early', 'late']);
  });

  test('that grows tells the same as one that is read anew', () => {
    const reader = new ChangesReader();
    const texts = ['', late, late + early.slice(0, 20), late + early, `${late + early}\nbroken\n`];
    for (const text of texts) expect(reader.read(text)).toEqual(new ChangesReader().read(text));
    expect(reader.read(texts.at(-1)!).problems).toEqual(['changes.jsonl, line 4 cannot be used']);
  });

  test('takes up a last line without its end where it is whole', () => {
    const reader = new ChangesReader();
    expect(ids(reader, late + early.trimEnd())).toEqual(['early', 'late']);
    expect(ids(reader, late + early)).toEqual(['early', 'late']);
  });

  test('in whose place another one was put is read anew', () => {
    const reader = new ChangesReader();
    expect(ids(reader, early + late)).toEqual(['early', 'late']);
    expect(ids(reader, late)).toEqual(['late']);
  });
});
