import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { defaultPriceBook } from '@farthing/core/prices';
import type { Entry } from '@farthing/core';
import { describe, expect, test } from 'vitest';
import { importCalls, type ImportCallsRequest } from './index.js';

const directory = mkdtempSync(join(tmpdir(), 'farthing-import-'));
const ports = {
  priceBook: defaultPriceBook(),
  protect: (tags: { user?: string }) => {
    if (tags.user !== undefined) tags.user = `u_${tags.user.length}`;
  },
  now: () => new Date('2026-09-01T00:00:00Z'),
};

let files = 0;
function write(text: string | Buffer, extension = 'jsonl'): string {
  const path = join(directory, `${files++}.${extension}`);
  writeFileSync(path, text);
  return path;
}

/** Books that remember ids, as the store does. */
function memoryBooks() {
  const booked = new Map<string, Entry>();
  return {
    booked,
    async deliver(entries: Entry[]) {
      const fresh = entries.filter(({ id }) => !booked.has(id));
      for (const entry of fresh) booked.set(entry.id, entry);
      return { accepted: fresh.length, already_booked: entries.length - fresh.length };
    },
  };
}

async function run(text: string | Buffer, changes: Partial<ImportCallsRequest> = {}) {
  const books = memoryBooks();
  const summary = await importCalls(
    {
      paths: [write(text)],
      ...(changes.mapping === undefined ? { preset: 'aider' } : {}),
      tags: {},
      dryRun: false,
      deliver: books.deliver,
      ...changes,
    },
    ports,
  );
  return { summary, entries: [...books.booked.values()] };
}

const aiderEvent = (properties: object = {}, event: object = {}) =>
  JSON.stringify({
    event: 'message_send',
    properties: {
      main_model: 'gpt-4o-mini',
      edit_format: 'diff',
      prompt_tokens: 638,
      completion_tokens: 25,
      total_tokens: 663,
      cost: 0.0001107,
      total_cost: 0.0001107,
      ...properties,
    },
    user_id: 'user-1',
    time: 1723560043,
    ...event,
  });

describe('a record becomes an entry', () => {
  test('with its own time, model, tokens and tags; the user is a pseudonym', async () => {
    const { entries } = await run(aiderEvent());
    expect(entries).toEqual([
      expect.objectContaining({
        source: 'import:aider',
        started_at: '2024-08-13T14:40:43.000Z',
        provider: 'openai',
        model: 'gpt-4o-mini',
        model_requested: 'gpt-4o-mini',
        outcome: 'ok',
        tags: { feature: 'aider', user: 'u_6', route: 'diff' },
      }),
    ]);
    expect(entries[0]!.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-/);
  });

  test('with the computed cost as its cost and the recorded one beside it', async () => {
    const { entries, summary } = await run(aiderEvent({ cost: 0.5 }));
    // 638 × $0.15/M + 25 × $0.60/M
    expect(entries[0]!.cost).toMatchObject({
      usd: '0.0001107',
      status: 'priced',
      reported_usd: '0.5',
    });
    expect(summary.comparison).toMatchObject({
      calls: 1,
      disagreeing: 1,
      difference_usd: '0.4998893',
    });
  });

  test('with no cost when the model is unknown: the recorded one never takes its place', async () => {
    const { entries, summary } = await run(
      aiderEvent({ main_model: 'acme/frobnicator-9', cost: 7 }),
    );
    expect(entries[0]!.cost).toMatchObject({
      usd: null,
      status: 'unknown_model',
      reported_usd: '7',
    });
    expect(summary.unpriced).toEqual([
      {
        provider: 'acme',
        model: 'frobnicator-9',
        status: 'unknown_model',
        calls: 1,
        recorded_usd: '7',
      },
    ]);
    expect(summary.comparison.calls).toBe(0);
  });

  test.each([
    ['claude-3-5-sonnet-20241022', 'anthropic', 'claude-3-5-sonnet-20241022'],
    ['o3-mini', 'openai', 'o3-mini'],
    ['gemini/gemini-2.5-pro', 'google', 'gemini-2.5-pro'],
    ['deepseek/deepseek-chat', 'deepseek', 'deepseek-chat'],
    ['openrouter/anthropic/claude-3.7-sonnet', 'openrouter', 'anthropic/claude-3.7-sonnet'],
    ['fireworks_ai/accounts/fireworks/models/x', 'fireworks', 'accounts/fireworks/models/x'],
    ['ollama_chat/llama3', 'ollama', 'llama3'],
    [
      'bedrock/us.anthropic.claude-3-5-haiku-20241022-v1:0',
      'aws-bedrock',
      'us.anthropic.claude-3-5-haiku-20241022-v1:0',
    ],
    ['something-new', 'unknown', 'something-new'],
    ['None', 'unknown', null],
  ])('the model %s is of provider %s', async (recorded, provider, model) => {
    const { entries } = await run(aiderEvent({ main_model: recorded }));
    expect(entries[0]).toMatchObject({ provider, model });
  });

  test('prices are those of the call’s own time', async () => {
    // o3 cost $10/$40 a million before 2025-06-10 and $2/$8 since.
    const event = { main_model: 'o3', prompt_tokens: 1_000_000, completion_tokens: 0, cost: 0 };
    const before = await run(aiderEvent(event, { time: Date.UTC(2025, 5, 1) / 1000 }));
    const after = await run(aiderEvent(event, { time: Date.UTC(2025, 6, 1) / 1000 }));
    expect(before.entries[0]!.cost.usd).toBe('10');
    expect(after.entries[0]!.cost.usd).toBe('2');
  });

  test('a provider, a model and tags given by the user win', async () => {
    const { entries } = await run(
      'TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:17:03.9799600,4808,10\r\n',
      {
        preset: 'azure-trace',
        provider: 'openai',
        model: 'gpt-4o-mini',
        tags: { feature: 'code', team: 'x' },
      },
    );
    expect(entries[0]).toMatchObject({
      started_at: '2023-11-16T18:17:03.979Z',
      provider: 'openai',
      model: 'gpt-4o-mini',
      tags: { feature: 'code', custom: { team: 'x' } },
      usage: { tokens: { input_uncached: 4808, output: 10 } },
    });
  });
});

describe('importing again changes nothing', () => {
  const calls = fc.array(
    fc.record({ tokens: fc.nat(3), user: fc.constantFrom('a', 'b'), time: fc.nat(3) }),
    { maxLength: 30 },
  );
  const line = ({ tokens, user, time }: { tokens: number; user: string; time: number }) =>
    aiderEvent({ prompt_tokens: tokens }, { user_id: user, time: 1723560000 + time });

  test('whatever the file holds, a second import books nothing and every record is booked', async () => {
    await fc.assert(
      fc.asyncProperty(calls, async (records) => {
        const books = memoryBooks();
        const request = { preset: 'aider', tags: {}, dryRun: false, deliver: books.deliver };
        const paths = [write(records.map(line).join('\n'))];
        const first = await importCalls({ ...request, paths }, ports);
        const second = await importCalls({ ...request, paths }, ports);
        // Identical records are different calls: as many entries as lines.
        expect(first).toMatchObject({ imported: records.length, already_there: 0 });
        expect(second).toMatchObject({ imported: 0, already_there: records.length });
        expect(books.booked.size).toBe(records.length);
      }),
      { numRuns: 50 },
    );
  });

  test('a longer revision of the file, in any order, adds only what is new', async () => {
    await fc.assert(
      fc.asyncProperty(
        calls,
        calls.chain((added) => fc.tuple(fc.constant(added), fc.infiniteStream(fc.nat()))),
        async (records, [added, shuffle]) => {
          const books = memoryBooks();
          const request = { preset: 'aider', tags: {}, dryRun: false, deliver: books.deliver };
          await importCalls({ ...request, paths: [write(records.map(line).join('\n'))] }, ports);
          const revision = [...records, ...added]
            .map((record) => ({ record, key: shuffle.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ record }) => line(record));
          const second = await importCalls(
            { ...request, paths: [write(revision.join('\n'))] },
            ports,
          );
          expect(second).toMatchObject({ imported: added.length, already_there: records.length });
        },
      ),
      { numRuns: 50 },
    );
  });

  test('the same record written with other spacing and key order is the same record', async () => {
    const record = JSON.parse(aiderEvent());
    const one = await run(JSON.stringify(record));
    const other = await run(
      JSON.stringify(Object.fromEntries(Object.entries(record).toReversed()), null, 1).replaceAll(
        '\n',
        ' ',
      ),
    );
    expect(other.entries[0]!.id).toBe(one.entries[0]!.id);
  });

  test('the same records under another source name are other calls', async () => {
    const one = await run(aiderEvent());
    const other = await run(aiderEvent(), { source: 'team-b' });
    expect(other.entries[0]!.id).not.toBe(one.entries[0]!.id);
    expect(other.entries[0]!.source).toBe('import:team-b');
  });
});

describe('bad lines are reported and never stop the rest', () => {
  test.each([
    ['not JSON', '{"event": "message_send", ', /^not JSON/],
    ['an array', '[1,2]', /not a JSON object/],
    ['no time', aiderEvent({}, { time: null }), /^time: nothing is not a time/],
    [
      'a day',
      aiderEvent({}, { time: '2026-05-01' }),
      /^time: "2026-05-01" is a date without a time of day: a call needs both/,
    ],
    ['a time in another unit', aiderEvent({}, { time: 1723560043000 }), /^time: 1723560043000/],
    ['half a token', aiderEvent({ prompt_tokens: 1.5 }), /^tokens\.input: 1\.5/],
    ['negative tokens', aiderEvent({ completion_tokens: -1 }), /^tokens\.output: -1/],
    ['a cost that is none', aiderEvent({ cost: 'cheap' }), /^recorded_cost: "cheap"/],
    ['a negative cost', aiderEvent({ cost: -1 }), /^recorded_cost: -1/],
  ])('%s', async (_, bad, reason) => {
    const { summary } = await run(
      [aiderEvent(), '', bad, aiderEvent({}, { time: 1723560044 })].join('\n'),
    );
    expect(summary).toMatchObject({ calls: 2, imported: 2, lines: 4 });
    expect(summary.unreadable.count).toBe(1);
    expect(summary.unreadable.lines[0]!.line).toBe(3);
    expect(summary.unreadable.lines[0]!.reason).toMatch(reason);
  });

  test('bytes that are not UTF-8, a byte-order mark and CRLF', async () => {
    const { summary } = await run(
      Buffer.concat([
        Buffer.from(`\uFEFF${aiderEvent()}\r\n`),
        Buffer.from([0x7b, 0xff, 0xfe, 0x0a]),
        Buffer.from(aiderEvent({}, { time: 1723560044 })),
      ]),
    );
    expect(summary).toMatchObject({
      calls: 2,
      unreadable: {
        count: 1,
        lines: [{ file: expect.any(String), line: 2, reason: 'not UTF-8 text' }],
      },
    });
  });

  test('a message never repeats what a line holds beyond a few characters', async () => {
    const secret = 'a long prompt that somebody wrote into a log '.repeat(5);
    const { summary } = await run(
      [`{"prompt": ${secret}`, aiderEvent({ cost: secret })].join('\n'),
    );
    expect(JSON.stringify(summary.unreadable)).not.toContain(secret.slice(0, 60));
  });

  test('records that are no calls are counted apart', async () => {
    const { summary } = await run([aiderEvent(), aiderEvent({}, { event: 'launched' })].join('\n'));
    expect(summary).toMatchObject({ calls: 1, other_records: 1, unreadable: { count: 0 } });
  });

  test('a file that is not there or is no file is an error', async () => {
    await expect(run('', { paths: [join(directory, 'gone')] })).rejects.toThrow(/Cannot read/);
    await expect(run('', { preset: 'aidre' })).rejects.toThrow(/Did you mean "aider"/);
  });
});

test('a dry run asks for no pseudonym: that would create the secret behind them', async () => {
  const books = memoryBooks();
  const refuse = () => {
    throw new Error('asked for a pseudonym');
  };
  const summary = await importCalls(
    {
      paths: [write(aiderEvent())],
      preset: 'aider',
      tags: {},
      dryRun: true,
      deliver: books.deliver,
    },
    { ...ports, protect: refuse },
  );
  expect(summary).toMatchObject({ dry_run: true, calls: 1 });
});

describe('CSV', () => {
  const mapping = write(
    `name: ledger-export
format: csv
started_at: { path: at, unit: iso }
provider: { constant: openai }
model: model
tokens: { input: in, output: out, cache_read: cached }
recorded_cost: usd
tags:
  feature: { template: "{app}/{step}" }
  note: note
`,
    'yaml',
  );
  const header = 'at,model,in,out,cached,usd,app,step,note';

  test('quotes, doubled quotes and line breaks inside them are read; the split of cached tokens, too', async () => {
    const { entries } = await run(
      `${header}\n2026-01-02T03:04:05+01:00,gpt-4o,1000,5,900,0.01,"a,b",s,"say ""hi""\nthere"\n`,
      { mapping },
    );
    expect(entries[0]).toMatchObject({
      started_at: '2026-01-02T02:04:05.000Z',
      usage: { tokens: { input_uncached: 100, cache_read: 900, output: 5 }, notes: [] },
      tags: { feature: 'a,b/s', custom: { note: 'say "hi" there' } },
    });
  });

  test('a quoted text may have hundreds of lines', async () => {
    const text = Array.from({ length: 600 }, (_, line) => `line ${line}, with ""quotes""`).join(
      '\n',
    );
    const { entries, summary } = await run(
      `${header}\n2026-01-02T03:04:05Z,gpt-4o,10,5,0,,a,s,"${text}"\n2026-01-02T03:04:06Z,gpt-4o,10,5,0,,a,s,x\n`,
      { mapping },
    );
    expect(entries).toHaveLength(2);
    expect(summary.unreadable.count).toBe(0);
  });

  test('a stray quote costs its own line, a short line itself', async () => {
    const row = (minute: number, note = 'x') =>
      `2026-01-02T03:0${minute}:00Z,gpt-4o,10,5,0,,a,s,${note}`;
    const { summary } = await run(
      [header, row(0), row(1, '"never closed'), row(2), 'too,short', row(3)].join('\n'),
      { mapping },
    );
    expect(summary.calls).toBe(3);
    expect(summary.unreadable.lines).toEqual([
      { file: expect.any(String), line: 3, reason: 'a quoted field is never closed' },
      { file: expect.any(String), line: 5, reason: '2 fields where the header has 9' },
    ]);
  });

  test('cached tokens that exceed the input are not billed', async () => {
    const { entries } = await run(`${header}\n2026-01-02T03:04:05Z,gpt-4o,10,5,900,,a,s,\n`, {
      mapping,
    });
    expect(entries[0]).toMatchObject({ usage: null, cost: { usd: null, status: 'invalid_usage' } });
  });
});

describe('a mapping', () => {
  test.each([
    [
      'a misspelt field',
      'name: x\nformat: csv\nstarted: t\ntokens: { input: i }\nstarted_at: t',
      /started: unknown field\. Did you mean "started_at"/,
    ],
    ['a missing one', 'name: x\nformat: csv\nstarted_at: t', /tokens: /],
    [
      'a format that there is not',
      'name: x\nformat: xml\nstarted_at: t\ntokens: { input: i }',
      /format: /,
    ],
    [
      'a unit that there is not',
      'name: x\nstarted_at: { path: t, unit: second }\ntokens: { input: i }',
      /started_at\.unit: "second" is none of iso, seconds, .*Did you mean "seconds"/,
    ],
    ['broken YAML', 'name: [x', /mapping/],
    [
      'a pattern that is none',
      'name: x\nformat: csv\nstarted_at: t\ntokens: { input: i }\nmodel_rules: [{ match: "(", provider: p }]',
      /model_rules\.0\.match: is not a regular expression/,
    ],
  ])('with %s is refused', async (_, yaml, message) => {
    const path = write(yaml, 'yaml');
    await expect(run('', { mapping: path })).rejects.toThrow(
      message.source === 'mapping' ? path : message,
    );
  });
});

test.each(['ts:hours', 'ts:ms'])(
  '--map with the time %s says which units there are',
  async (column) => {
    const mapping = `time=${column},model=m,input_tokens=i`;
    await expect(run('', { mapping })).rejects.toThrow(
      /"(hours|ms)" is no unit of a time: iso, seconds, milliseconds/,
    );
  },
);

const history = new URL(
  '../../../../../shared/data/aider/message_send_history.jsonl',
  import.meta.url,
);

describe.skipIf(!existsSync(history))(
  'the aider history (../shared/data, absent here if skipped)',
  () => {
    test('its 5,522 calls are read whole, and the $9,990.01 call tops the disagreements', async () => {
      const { summary, entries } = await run(readFileSync(history));
      expect(summary).toMatchObject({ calls: 5522, imported: 5522, other_records: 0 });
      expect(summary.unreadable.count).toBe(0);
      expect(summary.comparison.largest[0]).toMatchObject({
        model: 'gemini-2.5-pro-preview-03-25',
        input_tokens: 10_023,
        output_tokens: 10,
        recorded_usd: '9990.01252875',
        computed_usd: '0.01262875',
      });
      const users = new Set(entries.map((entry) => entry.tags.user));
      expect(users.size).toBeGreaterThan(1);
      expect([...users].every((user) => user === undefined || user.startsWith('u_'))).toBe(true);
    });
  },
);
