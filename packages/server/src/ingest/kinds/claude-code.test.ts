import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Entry } from '@farthing/core';
import { describe, expect, test } from 'vitest';
import { ImportBooks, newDirectory } from '../../../test-support/import-books.js';

const sonnet = 'claude-sonnet-4-5-20250929';
const start = Date.parse('2026-03-02T10:00:00.000Z');
const time = (second: number) => new Date(start + second * 1000).toISOString();
const messageId = (number: number) => `msg_01${String(number).padStart(22, '0')}`;

/** A line as Claude Code writes it. */
function line(
  number: number,
  second: number,
  output: number,
  changes: Record<string, unknown> & { message?: object } = {},
): string {
  const { message, ...rest } = changes;
  return JSON.stringify({
    parentUuid: null,
    isSidechain: false,
    userType: 'external',
    cwd: '/home/ada/work/shop',
    sessionId: '5f6c1d3e-0000-4000-8000-000000000001',
    version: '2.1.0',
    type: 'assistant',
    requestId: `req_${number}`,
    uuid: `${number}-${second}-${output}`,
    timestamp: time(second),
    message: {
      id: messageId(number),
      type: 'message',
      role: 'assistant',
      model: sonnet,
      content: [{ type: 'text', text: `what was said in ${number}` }],
      stop_reason: null,
      usage: {
        input_tokens: 10,
        cache_creation_input_tokens: 1000,
        cache_read_input_tokens: 20_000,
        cache_creation: { ephemeral_5m_input_tokens: 400, ephemeral_1h_input_tokens: 600 },
        output_tokens: output,
        service_tier: 'standard',
      },
      ...message,
    },
    ...rest,
  });
}

const prompt = (second: number) =>
  JSON.stringify({
    type: 'user',
    sessionId: '5f6c1d3e-0000-4000-8000-000000000001',
    timestamp: time(second),
    message: { role: 'user', content: 'a prompt' },
  });

async function importLines(lines: string[], now = '2026-09-01T00:00:00Z') {
  const directory = newDirectory();
  const path = join(directory, 'session.jsonl');
  writeFileSync(path, `${lines.join('\n')}\n`);
  const books = new ImportBooks();
  books.now = new Date(now);
  const summary = await books.import([path], { kind: 'claude-code' });
  return { books, summary, directory, path };
}

const outputs = (entries: Entry[]) => entries.map(({ usage }) => usage?.tokens.output);

describe('an answer is one entry', () => {
  test('with the counts of its fullest snapshot, at the time of its first', async () => {
    const { books, summary } = await importLines([
      prompt(0),
      line(1, 5, 3),
      line(1, 6, 3),
      line(1, 9, 159, { message: { stop_reason: 'end_turn' } }),
    ]);
    expect(summary).toMatchObject({ calls: 1, imported: 1, unfinished: 0 });
    // 10 × 3 + 400 × 3.75 + 600 × 6 + 20,000 × 0.3 + 159 × 15, each a million
    expect(books.all).toEqual([
      expect.objectContaining({
        source: 'import:claude-code',
        started_at: '2026-03-02T10:00:05.000Z',
        provider: 'anthropic',
        api: 'messages',
        model: sonnet,
        response_id: messageId(1),
        cost: expect.objectContaining({ usd: '0.013515', status: 'priced' }),
        tags: {
          feature: 'shop',
          agent: 'claude-code',
          session: '5f6c1d3e-0000-4000-8000-000000000001',
          custom: { project: 'shop' },
        },
      }),
    ]);
    expect(JSON.stringify(books.all)).not.toContain('what was said');
  });

  test('whichever snapshot comes last, and with another chain’s lines between its own', async () => {
    const agent = { isSidechain: true, agentId: 'a1' };
    const { books } = await importLines([
      line(1, 5, 159),
      line(2, 6, 2, agent),
      line(1, 7, 3),
      line(3, 8, 1, agent),
      line(2, 9, 40, agent),
    ]);
    expect(outputs(books.all).sort()).toEqual([1, 159, 40].sort());
    expect(books.all.filter(({ tags }) => tags.custom?.['subagent'] === 'a1')).toHaveLength(2);
  });

  test('however many requests, sessions and side chains repeat it', async () => {
    const { books, summary } = await importLines([
      line(1, 5, 20),
      line(1, 50, 20, { requestId: 'req_of_the_side_chain', isSidechain: true }),
      line(2, 60, 7),
      line(1, 5, 20, { sessionId: 'resumed' }),
    ]);
    expect(summary.calls).toBe(2);
    expect(outputs(books.all).sort()).toEqual([20, 7].sort());
  });

  test('a progress line of the parent shows an early snapshot: the agent’s own log counts', async () => {
    const directory = newDirectory();
    const sessions = join(directory, 'projects', '-home-ada-work-shop');
    mkdirSync(join(sessions, 's1', 'subagents'), { recursive: true });
    const own = line(2, 20, 500, { isSidechain: true, agentId: 'a1' });
    const { message, requestId, timestamp } = JSON.parse(line(2, 20, 1));
    const progress = {
      type: 'progress',
      sessionId: 's1',
      timestamp,
      data: {
        type: 'agent_progress',
        message: { type: 'assistant', message, requestId, timestamp },
      },
    };
    writeFileSync(join(sessions, 's1.jsonl'), `${line(1, 5, 9)}\n${JSON.stringify(progress)}\n`);
    writeFileSync(join(sessions, 's1', 'subagents', 'agent-a1.jsonl'), `${own}\n`);
    const books = new ImportBooks();
    const summary = await books.import([directory], { kind: 'claude-code' });
    expect(summary).toMatchObject({ calls: 2, repeated: 1, files: 2 });
    expect(outputs(books.all).sort()).toEqual([500, 9].sort());
  });

  test('what Claude Code says itself is no call', async () => {
    const { summary } = await importLines([
      line(1, 5, 0, { message: { model: '<synthetic>' }, isApiErrorMessage: true }),
      JSON.stringify({ type: 'summary', summary: 'a day’s work', leafUuid: 'x' }),
    ]);
    expect(summary).toMatchObject({ calls: 0, unreadable: { count: 0 } });
  });

  test('what an old version computed stands beside the price', async () => {
    const { books, summary } = await importLines([line(1, 5, 159, { costUSD: 0.5 })]);
    expect(books.all[0]!.cost).toMatchObject({ usd: '0.013515', reported_usd: '0.5' });
    expect(summary.comparison).toMatchObject({ calls: 1, disagreeing: 1 });
  });
});

describe('an answer that may still grow', () => {
  test('is left until it says that it ended, another follows it, or an hour is over', async () => {
    const lines = [line(1, 5, 3), line(2, 10, 1)];
    const early = await importLines(lines, time(30));
    expect(early.summary).toMatchObject({ calls: 1, unfinished: 1 });
    appendFileSync(early.path, `${line(2, 11, 77, { message: { stop_reason: 'tool_use' } })}\n`);
    const later = await early.books.import([early.path], { kind: 'claude-code' });
    expect(later).toMatchObject({ imported: 1, already_there: 1, unfinished: 0 });
    expect(outputs(early.books.all).sort()).toEqual([3, 77].sort());
    const old = await importLines(lines, time(2 * 3600));
    expect(old.summary).toMatchObject({ calls: 2, unfinished: 0 });
  });

  test('so is a last line that is being written; a damaged one in the middle is listed', async () => {
    const whole = line(2, 10, 1);
    const { summary, path, books } = await importLines([
      line(1, 5, 3),
      `${whole.slice(0, 300)}`,
      whole,
    ]);
    expect(summary.unreadable).toMatchObject({ count: 1, lines: [{ line: 2 }] });
    const next = line(3, 12, 4);
    appendFileSync(path, next.slice(0, 200));
    expect(await books.import([path], { kind: 'claude-code' })).toMatchObject({
      imported: 0,
      unfinished: 1,
      unreadable: { count: 1 },
    });
    appendFileSync(path, next.slice(200));
    expect(await books.import([path], { kind: 'claude-code' })).toMatchObject({ imported: 1 });
  });
});

interface Answer {
  snapshots: number;
  output: number;
  agent: boolean;
  ends: boolean;
  replayed: boolean;
}

/** Lines of a session, its agent and a session that resumes it, in the order in which they are written. */
function written(answers: Answer[]): { file: string; line: string }[] {
  const lines: { file: string; line: string }[] = [];
  let second = 0;
  for (const [number, answer] of answers.entries()) {
    const { snapshots, output, agent, ends, replayed } = answer;
    const chain = agent ? { isSidechain: true, agentId: 'a1' } : {};
    const file = agent ? 'agent-a1' : 'main';
    if (!agent) lines.push({ file, line: prompt((second += 1)) });
    for (let index = 0; index < snapshots; index++) {
      second += 2;
      const isLast = index === snapshots - 1;
      const counted = isLast ? output : Math.min(output, index + 1);
      const message = isLast && ends ? { stop_reason: 'tool_use' } : {};
      if (agent && index === 0) {
        const early = JSON.parse(line(number, second, Math.min(output, 1)));
        const data = { type: 'agent_progress', message: early };
        const progress = { type: 'progress', timestamp: time(second), data };
        lines.push({ file: 'main', line: JSON.stringify(progress) });
      }
      lines.push({ file, line: line(number, second, counted, { ...chain, message }) });
    }
    if (replayed && !agent) {
      const replay = line(number, second + 1, output, { isSidechain: true, requestId: 'replay' });
      lines.push({ file: 'side', line: replay });
    }
  }
  const history = lines.filter(({ file }) => file === 'main').map(({ line }) => line);
  for (const text of history) {
    lines.push({ file: 'resumed', line: text.replace('-000000000001', '-000000000002') });
  }
  return lines;
}

const answers = fc.array(
  fc.record({
    snapshots: fc.integer({ min: 1, max: 4 }),
    output: fc.integer({ min: 4, max: 5000 }),
    agent: fc.boolean(),
    ends: fc.boolean(),
    replayed: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);

const expected = (all: Answer[]) =>
  all.map(({ output }, number) => ({ id: messageId(number), output })).sort(byId);
const booked = (books: ImportBooks) =>
  books.all
    .map(({ response_id: id, usage }) => ({ id: id!, output: usage!.tokens.output }))
    .sort(byId);
const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

describe('the books are the same', () => {
  test('however the files grow between imports, cut at any byte', async () => {
    await fc.assert(
      fc.asyncProperty(answers, fc.array(fc.nat(4000), { maxLength: 6 }), async (all, cuts) => {
        const directory = newDirectory();
        const lines = written(all).map(({ file, line }) => ({ file, text: `${line}\n` }));
        const books = new ImportBooks();
        books.now = new Date(start + 600_000);
        let debt = 0;
        let cut = 0;
        for (const { file, text } of lines) {
          const path = join(directory, `${file}.jsonl`);
          debt += text.length;
          const at = cuts[cut];
          if (at === undefined || debt < at) {
            appendFileSync(path, text);
            continue;
          }
          const middle = Math.min(text.length, Math.max(0, at - (debt - text.length)));
          appendFileSync(path, text.slice(0, middle));
          await books.import([directory], { kind: 'claude-code' });
          appendFileSync(path, text.slice(middle));
          debt = 0;
          cut += 1;
        }
        books.now = new Date('2026-09-01T00:00:00Z');
        await books.import([directory], { kind: 'claude-code' });
        expect(booked(books)).toEqual(expected(all));
        const again = await books.import([directory], { kind: 'claude-code' });
        expect(again).toMatchObject({ imported: 0, already_there: all.length });
      }),
      { numRuns: 40 },
    );
  });

  test('in whatever order the files are given, together or one by one', async () => {
    await fc.assert(
      fc.asyncProperty(
        answers,
        fc.shuffledSubarray(['main', 'resumed', 'side'], { minLength: 3 }),
        async (all, order) => {
          const own = all.map((answer) => ({ ...answer, agent: false }));
          const directory = newDirectory();
          for (const { file, line } of written(own)) {
            appendFileSync(join(directory, `${file}.jsonl`), `${line}\n`);
          }
          const one = new ImportBooks();
          for (const file of order) {
            const path = join(directory, `${file}.jsonl`);
            if (file !== 'side' || own.some(({ replayed }) => replayed)) {
              await one.import([path], { kind: 'claude-code' });
            }
          }
          const all_ = new ImportBooks();
          const summary = await all_.import([directory], { kind: 'claude-code' });
          expect(booked(one)).toEqual(expected(own));
          expect(booked(all_)).toEqual(expected(own));
          expect(summary.calls).toBe(own.length);
        },
      ),
      { numRuns: 40 },
    );
  });
});
