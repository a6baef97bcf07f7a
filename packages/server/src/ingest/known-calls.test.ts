import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { restate, totalInput, type Entry } from '@farthing/core';
import { expect, test } from 'vitest';
import { ImportBooks, newDirectory } from '../../test-support/import-books.js';
import { sampleEntry } from '../store/conformance/batches.js';

/** A line of Claude Code's log: a snapshot of an answer's counts. */
const line = (id: string, output: number, changes: object = {}) =>
  JSON.stringify({
    type: 'assistant',
    sessionId: 'session-1',
    cwd: '/home/ada/shop',
    timestamp: '2026-03-02T10:00:00.000Z',
    requestId: 'req_1',
    isSidechain: false,
    message: {
      id,
      role: 'assistant',
      model: 'claude-sonnet-4-5-20250929',
      stop_reason: 'end_turn',
      usage: { input_tokens: 100, output_tokens: output },
      ...changes,
    },
  });

const messageId = (n: number) => `msg_01${String(n).padStart(22, '0')}`;

function write(...lines: string[]): string {
  const directory = join(newDirectory(), 'projects', 'shop');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'session-1.jsonl'), `${lines.join('\n')}\n`);
  return directory;
}

/** Books as they are when the import asks. */
function beside(books: ImportBooks) {
  const adjustmentsOf = (id: string) => books.all.filter(({ adjusts }) => adjusts?.entry === id);
  return {
    kind: 'claude-code',
    coverage: async () => ({
      calls: new Set(books.all.map((e) => `${e.provider} ${e.started_at.slice(0, 10)}`)),
      reports: new Set<string>(),
    }),
    beside: {
      async *entries() {
        yield* books.all;
      },
      find: async (id: string) => {
        const call = books.entries.get(id);
        return call === undefined ? null : { call, adjustments: adjustmentsOf(id) };
      },
    },
  };
}

const gatewayEntry = (changes: Partial<Entry>): Entry => ({
  ...sampleEntry({}),
  kind: 'call',
  source: 'gateway',
  provider: 'anthropic',
  started_at: '2026-03-02T09:59:58.000Z',
  ...changes,
});

test('an answer that the gateway booked is not booked again', async () => {
  const books = new ImportBooks();
  await books.deliver([gatewayEntry({ response_id: messageId(1) })]);
  const path = write(line(messageId(1), 50), line(messageId(2), 60));
  const summary = await books.import([path], beside(books));
  expect(summary).toMatchObject({ calls: 1, imported: 1, left_out: 1 });
  expect(summary.notes.join()).toContain('same response id');
  expect(books.all.map(({ response_id }) => response_id).sort()).toEqual([
    messageId(1),
    messageId(2),
  ]);
});

test('another provider’s answer of that id, or one on another day, is another answer', async () => {
  const books = new ImportBooks();
  await books.deliver([
    gatewayEntry({ response_id: messageId(1), provider: 'openai' }),
    gatewayEntry({ id: sampleEntry({}).id.replace(/.$/, 'f'), response_id: 'short' }),
  ]);
  const summary = await books.import([write(line(messageId(1), 50))], beside(books));
  expect(summary).toMatchObject({ imported: 1, left_out: 0 });
});

test('a snapshot that is fuller than the one that was booked adds the rest, once', async () => {
  const books = new ImportBooks();
  await books.import([write(line(messageId(1), 50))], beside(books));
  const [booked] = books.all;
  const fuller = write(line(messageId(1), 50), line(messageId(1), 800));
  const summary = await books.import([fuller], beside(books));
  expect(summary.notes.join()).toContain('an adjusting entry each adds the rest');
  const adjustments = books.all.filter(({ kind }) => kind === 'adjustment');
  expect(adjustments).toMatchObject([
    {
      adjusts: { entry: booked!.id, cause: 'usage', by: 'import' },
      // 750 × 15 per million
      cost: { usd: '0.01125' },
      usage: { tokens: { input_uncached: 0, output: 750 } },
    },
  ]);
  const { usage } = restate(booked!, adjustments);
  expect([totalInput(usage!.tokens), usage!.tokens.output]).toEqual([100, 800]);
  const again = await books.import([fuller], beside(books));
  expect(again).toMatchObject({ imported: 0, already_there: 1 });
  // An older copy of the log takes nothing back.
  await books.import([write(line(messageId(1), 50))], beside(books));
  expect(books.entries.size).toBe(2);
});

test('journals and archives are taken word for word: an id is all that they are known by', async () => {
  const books = new ImportBooks();
  const entry = gatewayEntry({ response_id: messageId(1) });
  await books.deliver([entry]);
  const other = gatewayEntry({ id: crypto.randomUUID(), response_id: messageId(1) });
  const path = join(newDirectory(), 'archive.jsonl');
  writeFileSync(path, `${JSON.stringify(entry)}\n${JSON.stringify(other)}\n`);
  const { kind: _, ...port } = beside(books);
  const summary = await books.import([path], { ...port, kind: 'archive' });
  expect(summary).toMatchObject({ imported: 1, already_there: 1, left_out: 0 });
});

test('books without calls of that time are not read', async () => {
  const books = new ImportBooks();
  const entries = (): AsyncGenerator<Entry> => {
    throw new Error('the journals were read');
  };
  const { coverage } = beside(books);
  const find = async () => null;
  await books.import([write(line(messageId(1), 50))], { coverage, beside: { entries, find } });
  expect(books.entries.size).toBe(1);
});
