import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { bundledEdition, snapshotBook } from '@farthing/core/prices';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTestBooks, type TestBooks } from '../../../test-support/open-test-books.js';
import { runCommand } from '../../../test-support/run-command.js';
import { serveControlPlane } from '../../api/index.js';
import type { CliContext } from '../context.js';
import { priceCommand } from './price.js';
import { pricesCommand } from './prices.js';

let directory: string;
let dataDirectory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'farthing-prices-cli-'));
  dataDirectory = join(directory, 'data');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const run = (words: string | string[], changes: Partial<CliContext> = {}) =>
  runCommand(pricesCommand, words, { dataDirectory, ...changes });
const json = async (words: string) => {
  const { stdout } = await run(`${words} --json`);
  // eslint-disable-next-line typescript/no-explicit-any -- what a test expects of it is its type
  return JSON.parse(stdout) as any;
};
const file = (name: string, content: unknown) => {
  const path = join(directory, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
const own = () => readFileSync(join(dataDirectory, 'prices', 'own.jsonl'), 'utf8');

describe('farthing prices show', () => {
  test('has the rates in force first, then every row behind them', async () => {
    const { stdout, exitCode } = await run('show gpt-4.1');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^openai\/gpt-4\.1 {2}\(listed under this id\)\nalso: gpt-4\.1-2025-04-14\n/,
    );
    expect(stdout).toMatch(/^input +\$2 +1,000,000 +base +genai-prices@/m);
    expect(stdout).toMatch(
      /^always +service_tier batch, all of \* +tokens × 0\.5 +farthing-overlay@/m,
    );
  });

  test('shows the price of the time that is asked for', async () => {
    const input = async (at: string) => {
      const { rates } = await json(`show gpt-5.6-luna --at ${at}`);
      return rates.find(({ unit }: { unit: string }) => unit === 'input').rate_usd;
    };
    expect(await input('2026-07-29T00:00:00Z')).not.toBe(await input('2026-07-30T00:00:00Z'));
  });

  test('of an unknown model says what was probably meant', async () => {
    const { stderr, exitCode } = await run('show gtp-4.1');
    expect(stderr).toMatch(/no price for model "gtp-4\.1"\. Did you mean openai\/gpt-4\.1\?/);
    expect(exitCode).toBe(2);
  });
});

describe('a control plane that was named by hand', () => {
  let books: TestBooks;
  let served: Awaited<ReturnType<typeof serveControlPlane>>;
  beforeAll(async () => {
    books = await openTestBooks();
    served = await serveControlPlane(books.app, { host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await served.close();
    await books.close();
  });

  test.each([
    'gpt-5-mini',
    'openai/gpt-5-mini',
    'openrouter/openai/gpt-4.1',
    'claude-opus-4-8',
    'gpt-5.6-luna --at 2026-07-29',
    'gpt-4.1 --provider azure',
    'gtp-4.1',
    'gpt-4.1 --at soon',
  ])('shows %s as the data directory does', async (words) => {
    const at = words.includes('--at') ? '' : ' --at 2026-08-01';
    const here = await run(`show ${words}${at}`);
    expect(await run(`show ${words}${at}`, { controlUrl: served.url })).toEqual(here);
    expect(here.stdout + here.stderr).not.toBe('');
  });
});

describe('farthing prices show, of a model that several providers have', () => {
  test('takes the common one, and names those that have other prices', async () => {
    const { stdout } = await run('show claude-opus-4-8');
    expect(stdout).toMatch(/^anthropic\/claude-opus-4-8 /);
    expect(stdout).toMatch(/^at other prices: .*aws-bedrock.* \(name one with --provider\)$/m);
    expect((await json('show claude-opus-4-8')).others).toContain('aws-bedrock');
  });

  test('has nothing to add where their prices are the same, or one was named', async () => {
    // Azure has it at OpenAI's prices.
    expect(await json('show gpt-5-mini')).toMatchObject({ provider: 'openai', others: [] });
    const named = await json('show claude-opus-4-8 --provider aws-bedrock');
    expect(named).toMatchObject({ provider: 'aws-bedrock', others: [] });
  });
});

describe('farthing prices set', () => {
  test('gives an unknown model a price since always, on record with who and when', async () => {
    const { stdout } = await run(
      'set --provider openai --model gpt-house --input 2.50 --output 10',
    );
    expect(stdout).toMatch(/^Set openai\/gpt-house: holds since always\./);
    expect(JSON.parse(own())).toMatchObject({
      recorded_by: 'ada',
      recorded_at: '2026-03-02T00:00:00.000Z',
      price: { provider: 'openai', model: 'gpt-house', rates_per_mtok: { input: '2.50' } },
    });
    const { rates, rows } = await json('show gpt-house --provider openai');
    expect(rates).toContainEqual(
      expect.objectContaining({ unit: 'input', rate_usd: '2.5', source: 'override' }),
    );
    expect(rows).toContainEqual(expect.objectContaining({ source: 'set 2026-03-02 by ada' }));
  });

  test('changes a known model from now on, unless told from when', async () => {
    const set = 'set --provider openai --model gpt-4.1 --input 1 --output 4';
    const { stdout } = await run(set);
    expect(stdout).toMatch(
      /from 2026-03-02T00:00:00\.000Z \(now, because there was a price already/,
    );
    const input = async (at: string) => {
      const { rates } = await json(`show gpt-4.1 --at ${at}`);
      return rates.find(({ unit }: { unit: string }) => unit === 'input');
    };
    expect(await input('2026-03-01T00:00:00Z')).toMatchObject({ rate_usd: '2' });
    expect(await input('2026-03-03T00:00:00Z')).toMatchObject({
      rate_usd: '1',
      list_rate_usd: '2',
    });
    expect((await run(`${set} --from always`)).stdout).toMatch(/holds since always\./);
    expect(await input('2026-03-01T00:00:00Z')).toMatchObject({ rate_usd: '1' });
  });

  test('a negotiated discount is off everything of the provider, and the list price stays to be seen', async () => {
    await run('set --provider openai --discount 0.15 --from 2026-03-01 --note contract-7');
    const { rates } = await json('show gpt-4.1 --at 2026-03-02T00:00:00Z');
    expect(rates).toContainEqual(
      expect.objectContaining({ unit: 'output', rate_usd: '6.8', list_rate_usd: '8' }),
    );
  });

  test('takes twins, tiers, other units and tools', async () => {
    await run('set --provider azure --model our-deployment --same-as gpt-4.1');
    expect((await json('show our-deployment --provider azure')).match).toBe('same_as');
    await run('set --provider openai --model gpt-house --tier priority --input 5 --output 20');
    await run('set --provider openai --model gpt-house --rate web_searches=12.5');
    const { rows } = await json('show gpt-house --provider openai');
    expect(rows).toContainEqual(
      expect.objectContaining({
        when: { service_tier: 'priority' },
        rates: { input: '5', output: '20' },
      }),
    );
    const tool = await run('set --tool web_lookup --price 0.005');
    expect(tool.stdout).toMatch(/^Set web_lookup: holds since always/);
    const again = await run('set --tool web_lookup --price 0.006');
    expect(again.stdout).toMatch(/from 2026-03-02T00:00:00\.000Z/);
  });

  test('warns of a rate that moves tenfold', async () => {
    const { stdout } = await run('set --provider openai --model gpt-4.1 --input 2000 --output 8');
    expect(stdout).toMatch(/Look again: input moves more than tenfold, from 2 to 2000 USD\./);
  });

  test.each([
    ['set --provider openai --model x --input -1 --output 1', /--input takes USD.*0 or more/],
    ['set --provider openai --model x --input 20000 --output 1', /--input.*cannot be true/],
    ['set --provider openai --model x', /needs one of/],
    ['set --provider openai --input 1', /Say which model/],
    ['set --model x --input 1', /Say whose price/],
    ['set --provider openai --model x --rate web_searchs=1', /web_searches/],
    ['set --provider openai --model x --same-as gpt-41', /--same-as.*gpt-4\.1/],
    ['set --provider openai --model x --input 1 --from soon', /--from: .*2026-03-01/],
    ['set --provider openai --model x --input $2 --output 1', /Write --input 2\./],
    ['set --provider openai --model x --input 1,5 --output 1', /Write --input 1\.5\./],
    ['set --provider openai --discount 15%', /Write --discount 0\.15 for 15%\./],
    ['set --provider openai --discount 1.5', /^farthing: --discount/],
    ['set --tool x', /--price/],
  ])('%s is refused, and nothing is written', async (words, message) => {
    const { stderr, exitCode } = await run(words);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
    expect(existsSync(join(dataDirectory, 'prices'))).toBe(false);
  });

  test('a price of the past says which calls to price again, one of the future does not', async () => {
    const set = 'set --provider openai --model gpt-house --input 1 --output 4';
    const hint = async (dates: string) => (await run(`${set} ${dates}`)).stdout;
    expect(await hint('--from always')).toContain('reprice --since 1970-01-01 --dry-run');
    expect(await hint('--from 2026-01 --to 2026-02')).toContain(
      'reprice --since 2026-01-01T00:00:00.000Z --until 2026-02-01T00:00:00.000Z --dry-run',
    );
    expect(await hint('--from 7d')).toContain('reprice --since 2026-02-23T00:00:00.000Z --dry-run');
    expect(await hint('--from 2026-04-01')).not.toContain('reprice');
  });

  test('a dry run checks the price, and sets nothing', async () => {
    const set = 'set --provider openai --model gpt-4.1 --input 2000 --output 8 --dry-run';
    const { stdout } = await run(set);
    expect(stdout).toMatch(/^Would set openai\/gpt-4\.1: .*\nLook again: .*\nNothing was set/);
    expect(await json(set)).toMatchObject({ dry_run: true, from_now_assumed: true });
    expect(existsSync(join(dataDirectory, 'prices', 'own.jsonl'))).toBe(false);
  });

  test('one can list what was set, by whom, and what was taken back', async () => {
    expect((await run('list --own')).stdout).toContain('No price has been set by command');
    await run('set --provider openai --model gpt-house --input 2.50 --output 10 --note trial');
    await run('set --provider openai --discount 0.15 --from 2026-03-01');
    await run('unset --provider openai --model gpt-house --note wrong');
    const { stdout } = await run('list --own');
    expect(stdout).toMatch(
      /openai\/gpt-house +input 2\.50, output 10 +always +– +2026-03-02 00:00 by ada: trial +altogether, 2026-03-02 00:00 by ada: wrong/,
    );
    expect(stdout).toMatch(/openai\/\* +discount 0\.15 +2026-03-01T00:00:00\.000Z +–/);
    expect((await json('list --own --search house')).own).toEqual([
      expect.objectContaining({ taken_back: expect.objectContaining({ from: null }) }),
    ]);
  });

  test('unset from a time on leaves rows alone that had ended by then', async () => {
    const set = 'set --provider openai --model gpt-house --input 1 --output 4';
    await run(`${set} --from 2026-01-01 --to 2026-02-01`);
    await run(`${set} --from 2026-02-01`);
    const unset = 'unset --provider openai --model gpt-house --from 2026-02-01';
    expect((await run(unset)).stdout).toMatch(/^Took back 1 row, from 2026-02-01/);
    expect((await run(unset)).stderr).toMatch(/set by command that still holds at 2026-02-01/);
  });

  test('unset takes back what was set, and keeps the record of both', async () => {
    await run('set --provider openai --model gpt-house --input 2.50 --output 10');
    const { stdout } = await run('unset --provider openai --model gpt-house');
    expect(stdout).toMatch(/^Took back 1 row, as if never set\./);
    expect((await run('show gpt-house')).exitCode).toBe(2);
    expect(own().trimEnd().split('\n')).toHaveLength(2);
    const again = await run('unset --provider openai --model gpt-house');
    expect(again.stderr).toMatch(/No price of openai\/gpt-house has been set by command/);
  });
});

describe('a mistyped provider', () => {
  test('is told when a price is set for it, and still is when it has one', async () => {
    const set = 'set --provider openia --model gpt-house --input 1 --output 2';
    for (const time of [1, 2]) {
      expect((await run(set)).stdout, `time ${time}`).toMatch(
        /provider "openia"\. Did you mean "openai"\?/,
      );
    }
    const own = await run('set --provider our-cluster --model llama --input 1 --output 2');
    expect(own.stdout).not.toContain('Look again');
  });

  test('is told of a file', async () => {
    const path = file('typo.yaml', 'prices:\n  - { provider: openia, discount: "0.1" }\n');
    const { stdout } = await run(['check', path]);
    expect(stdout).toMatch(
      /is good: 1 row .*\nNote: .*provider "openia"\. Did you mean "openai"\?/,
    );
  });
});

describe('farthing prices check', () => {
  test('says what a good file holds', async () => {
    const path = file('good.yaml', 'prices:\n  - { provider: openai, discount: "0.1" }\n');
    expect((await run(['check', path])).stdout).toMatch(/good\.yaml is good: 1 rows? \(farthing\)/);
  });

  test('tells everything that is wrong at once', async () => {
    const path = file('bad.json', [
      { provider: 'openai', model: 'a', rates_per_mtok: { inptu: '1' } },
      { provider: 'openai', model: 'b', rates_per_mtok: { input: '-1' } },
      { provider: 'openai', model: 'c', rates_per_mtok: { input: '15000' } },
      { provider: 'openai', model: 'd', rates_per_mtok: { input: '1' }, currency: 'EUR' },
      {
        provider: 'openai',
        model: 'e',
        rates_per_mtok: { input: '1' },
        effective_to: '2026-06-01',
      },
      {
        provider: 'openai',
        model: 'e',
        rates_per_mtok: { input: '2' },
        effective_from: '2026-05-01',
      },
    ]);
    const { stdout, exitCode } = await run(['check', path, '--json']);
    expect(exitCode).toBe(1);
    const { ok, problems } = JSON.parse(stdout) as { ok: boolean; problems: string[] };
    expect(ok).toBe(false);
    expect(problems).toHaveLength(5);
    for (const [index, part] of ['inptu', '0 or more', '15000', 'USD', 'holds until'].entries()) {
      expect(problems[index]).toContain(part);
    }
  });

  test.each([
    ['nowhere.yaml', null, /no such file/],
    ['page.json', '<html>Sign in', /web page|not valid/],
    ['half.json', '[{"provider": "openai"', /line 1 is not valid/],
  ])('%s cannot be used', async (name, content, message) => {
    const path = content === null ? join(directory, name) : file(name, content);
    const { stdout, exitCode } = await run(['check', path]);
    expect(stdout).toMatch(message);
    expect(exitCode).toBe(1);
  });
});

describe('farthing prices refresh', () => {
  /** The published list, as small as tests need it. */
  const published = (input: number) => [
    {
      id: 'openai',
      models: [{ id: 'gpt-4.1', match: { equals: 'gpt-4.1' }, prices: { input_mtok: input } }],
    },
  ];
  const start = async () => {
    const path = file('list.json', published(2));
    const { exitCode } = await run(['refresh', '--from', path, '--accept']);
    expect(exitCode).toBe(0);
  };

  test('holds back a list that has lost most models, until a person accepts it', async () => {
    const path = file('list.json', published(2));
    const { stdout, exitCode } = await run(['refresh', '--from', path]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^Held back: 1 rows instead of \d{4}.*\n.*--accept\.\n\n[-~+] /);
    expect(existsSync(join(dataDirectory, 'prices', 'base.json'))).toBe(false);
    await start();
    expect((await json('list')).prices.length).toBeLessThan(bundledEdition().models.length);
  });

  test('shows what changes, writes it in one step, and can go back', async () => {
    await start();
    const path = file('newer.json', published(3));
    const tried = await run(['refresh', '--from', path, '--dry-run']);
    expect(tried.stdout).toMatch(
      /openai\/gpt-4\.1 {2}input 2 → 3 \(\+50 %\)[^]*Nothing was written/,
    );
    const input = async () => (await json('show gpt-4.1')).rates[0].rate_usd;
    expect(await input()).toBe('2');
    expect((await run(['refresh', '--from', path])).stdout).toMatch(/is in use instead of/);
    expect(await input()).toBe('3');
    expect((await run(['refresh', '--from', path])).stdout).toMatch(/are those in use/);
    expect((await run('refresh --rollback')).stdout).toMatch(/Back to genai-prices@/);
    expect(await input()).toBe('2');
  });

  test('going back never brings back what was gone back from', async () => {
    await start();
    const newer = file('newer.json', published(3));
    await run(['refresh', '--from', newer]);
    const book = async () => {
      const { stdout } = await run('refresh --rollback');
      return stdout.trim().split('\n').at(-1);
    };
    expect(await book()).toMatch(/^Back to genai-prices@2026-03-02/);
    expect(await book()).toContain(`Back to ${snapshotBook} `);
    const { stderr, exitCode } = await run('refresh --rollback');
    expect(stderr).toMatch(/nothing earlier to go back to/);
    expect(exitCode).toBe(1);
    expect((await run('status')).stdout).toContain(snapshotBook);
  });

  test.each([
    [
      'a rate moved more than tenfold',
      published(2_000),
      /Held back: openai\/gpt-4\.1 input from 2 to 2000/,
    ],
    ['an absurd rate', published(15_000), /input is 15000 USD per 1000000, more than 10000/],
    ['a negative rate', published(-1), /must be a number of 0 or more/],
    ['no list', { error: 'moved' }, /an object, not the data of genai-prices/],
    ['a page', '<!doctype html>', /not JSON/],
  ])('%s leaves the last good list in use', async (_, content, message) => {
    await start();
    const before = readFileSync(join(dataDirectory, 'prices', 'base.json'), 'utf8');
    const { stdout, exitCode } = await run(['refresh', '--from', file('next.json', content)]);
    expect(stdout).toMatch(message);
    expect(exitCode).toBe(1);
    expect(readFileSync(join(dataDirectory, 'prices', 'base.json'), 'utf8')).toBe(before);
  });

  test('a damaged list on disk gives way to the bundled one and is told', async () => {
    await start();
    writeFileSync(join(dataDirectory, 'prices', 'base.json'), '{"book":');
    const { stdout, exitCode } = await run('status');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^stale +base .*not valid JSON.*--rollback/m);
    expect(stdout).toContain(`rows of ${snapshotBook}`);
    expect((await json('show gpt-4.1')).rates.length).toBeGreaterThan(1);
  });
});

test('farthing prices diff says which prices it cannot reach, and what else can be compared', async () => {
  const { stderr, exitCode } = await run('diff --from http://127.0.0.1:1/list.json');
  expect(stderr).toMatch(
    /The prices at http:\/\/127\.0\.0\.1:1\/list\.json cannot be read: .*--from newer\.json/,
  );
  expect(exitCode).toBe(1);
});

test('farthing prices diff compares without any calls, too', async () => {
  const path = file('own.json', [
    { provider: 'openai', model: 'gpt-4.1', rates_per_mtok: { input: '1' } },
  ]);
  const { stdout } = await run(['diff', '--from', path]);
  expect(stdout).toMatch(/openai\/gpt-4\.1 {2}input 2 → 1 \(-50 %\)/);
  expect(stdout).toMatch(/No calls are recorded yet\./);
});

test('farthing price explains one call at the prices that were set, and says which they are', async () => {
  await run('set --provider openai --model gpt-house --input 2.50 --output 10');
  let text = '';
  const output = new Writable({
    write: (chunk: Buffer, _, done) => {
      text += chunk.toString();
      done();
    },
  });
  const { exitCode } = await runCommand(
    (context) => priceCommand({ input: Readable.from([]), output }, () => context.openPriceDesk()),
    '--model gpt-house --provider openai --input 1000000',
    { dataDirectory },
  );
  expect(exitCode).toBe(0);
  expect(text).toMatch(/^\$2\.5 {2}gpt-house \(openai, own\)/);
  expect(text).toMatch(/Prices: genai-prices@\S+ \+ farthing-overlay@\S+ \+ own\n$/);
});
