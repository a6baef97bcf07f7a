import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyTokens, type PriceSourceStatus } from '@farthing/core';
import { bundledEdition, snapshotBook } from '@farthing/core/prices';
import { afterEach, expect, test, vi } from 'vitest';
import { configSchema, priceSettings } from '../config/index.js';
import { writeAtomically } from './atomic-file.js';
import { LivePrices } from './live-prices.js';
import { priceDirectory } from './price-directory.js';
import { requestRefresh } from './refresh-request.js';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).toReversed()) cleanup();
});

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'farthing-prices-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

interface Setup {
  directory?: string;
  files?: string[];
  yaml?: object;
  watch?: boolean;
}

async function open({ directory = temporary(), files = [], yaml = {}, watch = false }: Setup) {
  const lines: string[] = [];
  const say = (level: string) => (fields: object, message: string) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  const config = configSchema.parse({ ...yaml, price_book: { files, timeout: '1s' } });
  const prices = await LivePrices.open({
    dataDirectory: join(directory, 'data'),
    settings: priceSettings(config, join(directory, 'farthing.yaml')),
    log: { info: say('info'), warn: say('warn'), error: say('error') },
    watch,
  });
  cleanups.push(() => prices.close());
  return {
    prices,
    lines,
    directory,
    path: (name: string) => join(directory, name),
    state: (kind: PriceSourceStatus['kind']) =>
      prices.status().sources.find((source) => source.kind === kind)!,
    cost: (model = 'house-model') => costOf(prices, model),
  };
}

/** Of one million tokens in, so that the cost is the rate. */
function costOf(prices: LivePrices, model: string): string | null {
  const usage = {
    tokens: { ...emptyTokens(), input_uncached: 1_000_000 },
    details: {},
    units: {},
    modifiers: {},
    estimated: false,
    raw: null,
    notes: [],
  };
  return prices.price({
    provider: 'openai',
    api: 'chat.completions',
    model,
    at: '2026-11-01T00:00:00Z',
    reading: { status: 'ok', usage },
  }).usd;
}

const row = (input: string, model = 'house-model') => ({
  provider: 'openai',
  model,
  rates_per_mtok: { input, output: '1' },
});
const rows = (input: string, model?: string) => JSON.stringify([row(input, model)]);

async function serve(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  cleanups.push(stop);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/p.json`, stop };
}

test('sources go over one another: files in their order, rows of farthing.yaml above all', async () => {
  const directory = temporary();
  writeFileSync(join(directory, 'a.json'), JSON.stringify([row('1'), row('10', 'b')]));
  writeFileSync(
    join(directory, 'b.yaml'),
    'prices:\n  - provider: openai\n    model: house-model\n    rates_per_mtok: { input: "2" }\n',
  );
  const files = ['a.json', 'b.yaml'];
  const two = await open({ directory, files });
  expect([two.cost(), two.cost('b')]).toEqual(['2', '10']);
  const three = await open({ directory, files, yaml: { prices: [row('3')] } });
  expect([three.cost(), three.cost('b')]).toEqual(['3', '10']);
  expect(three.prices.status().book).toMatch(
    /^genai-prices@\S+ \+ farthing-overlay@\S+ \+ a\.json@[0-9a-f]{8} \+ b\.yaml@[0-9a-f]{8} \+ farthing\.yaml$/,
  );
});

test('a changed file prices the next call, in place or replaced, and half a file changes nothing', async () => {
  const directory = temporary();
  const file = join(directory, 'p.json');
  writeFileSync(file, rows('1'));
  const live = await open({ directory, files: ['p.json'], watch: true });
  expect(live.cost()).toBe('1');
  writeFileSync(file, rows('2'));
  await vi.waitFor(() => expect(live.cost()).toBe('2'), 10_000);
  writeFileSync(`${file}.new`, rows('3'));
  renameSync(`${file}.new`, file);
  await vi.waitFor(() => expect(live.cost()).toBe('3'), 10_000);

  writeFileSync(file, rows('4').slice(0, 30));
  await vi.waitFor(() => expect(live.state('file').state).toBe('stale'), 10_000);
  expect(live.cost()).toBe('3');
  expect(live.state('file').problem).toMatch(/not valid/);
  writeFileSync(file, rows('4'));
  await vi.waitFor(() => expect(live.cost()).toBe('4'), 10_000);
  expect(live.state('file')).toMatchObject({ state: 'ok', problem: null });
});

test('a problem is said once in the log, and again only when it is another one', async () => {
  const live = await open({ files: ['missing.json'] });
  await live.prices.checkAll();
  await live.prices.checkAll();
  const complaints = live.lines.filter((line) => line.startsWith('error'));
  expect(complaints).toEqual([expect.stringMatching(/nothing of it is in use.*no such file/)]);
  writeFileSync(live.path('missing.json'), '{]');
  await live.prices.checkAll();
  expect(live.lines.filter((line) => line.startsWith('error'))).toHaveLength(2);
  writeFileSync(live.path('missing.json'), rows('1'));
  await live.prices.checkAll();
  expect(live.cost()).toBe('1');
  expect(live.lines.at(-1)).toMatch(/^info prices are read again/);
});

test.each([
  [
    'a typo in a key',
    '[{"provider":"openai","model":"x","rates_per_mtok":{"inptu":"1"}}]',
    /inptu/,
  ],
  ['a negative rate', rows('-1'), /input.*0 or more/],
  ['no rates at all', '[{"provider":"openai","model":"x"}]', /rates_per_mtok/],
  ['nothing', '  \n', /is empty/],
  ['YAML that breaks off', 'prices:\n  - provider: [openai\n', /line 2|line 3/],
  ['a text', 'hello', /.+/],
])(
  'a file with %s is refused with the reason, the last good one stays',
  async (_, text, reason) => {
    const directory = temporary();
    writeFileSync(join(directory, 'p.json'), rows('1'));
    const live = await open({ directory, files: ['p.json'] });
    writeFileSync(live.path('p.json'), text);
    await live.prices.checkAll();
    expect(live.state('file')).toMatchObject({ state: 'stale', rows: 1 });
    expect(live.state('file').problem).toMatch(reason);
    expect(live.cost()).toBe('1');
  },
);

test.each<[string, (path: string) => void, RegExp]>([
  ['deleted', (path) => rmSync(path), /no such file/],
  [
    'a directory',
    (path) => {
      rmSync(path);
      mkdirSync(path);
    },
    /is a directory/,
  ],
  ['of 10 GB', (path) => truncateSync(path, 10 * 1024 ** 3), /10240 MB, more than 8 MB/],
  ['not text', (path) => writeFileSync(path, Buffer.from([0xff, 0xfe])), /not text in UTF-8/],
])('a file that is %s keeps the last good one, also over a restart', async (_, harm, reason) => {
  const directory = temporary();
  writeFileSync(join(directory, 'p.json'), rows('1'));
  const live = await open({ directory, files: ['p.json'] });
  harm(live.path('p.json'));
  await live.prices.checkAll();
  for (const { state, cost } of [live, await open({ directory, files: ['p.json'] })]) {
    expect(state('file').state).toBe('stale');
    expect(state('file').problem).toMatch(reason);
    expect(cost()).toBe('1');
  }
});

// Root may read everything, so only other users can be refused.
test.skipIf(process.getuid?.() === 0)('a file that may not be read says so', async () => {
  const directory = temporary();
  writeFileSync(join(directory, 'p.json'), rows('1'));
  chmodSync(join(directory, 'p.json'), 0o000);
  const live = await open({ directory, files: ['p.json'] });
  expect(live.state('file').problem).toMatch(/may not read it/);
});

test('new content that loses rows or moves rates tenfold waits for a person', async () => {
  const directory = temporary();
  const file = join(directory, 'p.json');
  writeFileSync(file, rows('2'));
  const live = await open({ directory, files: ['p.json'] });
  writeFileSync(file, rows('2000'));
  await live.prices.checkAll();
  expect(live.cost()).toBe('2');
  expect(live.state('file')).toMatchObject({ state: 'stale', acceptable: true });
  expect(live.state('file').problem).toMatch(
    /openai\/house-model input from 2 to 2000\. .*prices refresh --files --accept/,
  );

  const open1 = live.prices.sources.find(({ location }) => location !== null)!;
  const accepted = { source: open1.location!.id, hash: open1.source.refusal!.hash };
  const { refresh } = priceDirectory(join(directory, 'data'));
  requestRefresh(refresh, [{ ...accepted, at: '2026-11-01T00:00:00Z', by: 'me' }], '2026-11-01');
  await live.prices.checkAll();
  expect(live.cost()).toBe('2000');
  expect(live.state('file').state).toBe('ok');
});

test('a URL that was never of use does not keep a start from going on, and says so', async () => {
  const hangs = await serve(() => {});
  const live = await open({ files: [hangs.url] });
  expect(live.state('url')).toMatchObject({ state: 'failed', rows: 0, book: null });
  expect(live.state('url').problem).toMatch(/does not answer within 1 s/);
  expect(live.lines.join()).toMatch(/error prices: nothing of it is in use/);
  expect(live.cost()).toBeNull();
});

test('the copy of a URL that is dead is used at the start', async () => {
  const directory = temporary();
  const server = await serve((_incoming, response) => response.end(rows('7')));
  const first = await open({ directory, files: [server.url] });
  expect(first.cost()).toBe('7');
  server.stop();
  const second = await open({ directory, files: [server.url] });
  expect(second.cost()).toBe('7');
  await second.prices.checkAll();
  expect(second.cost()).toBe('7');
  expect(second.state('url')).toMatchObject({ state: 'stale', rows: 1 });
  expect(second.state('url').problem).toMatch(/cannot be reached/);
});

test('a URL that turns into a login page or an error keeps the last good prices', async () => {
  let answer: RequestListener = (_incoming, response) => response.end(rows('7'));
  const server = await serve((incoming, response) => answer(incoming, response));
  const live = await open({ files: [server.url] });
  answer = (_incoming, response) =>
    void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in');
  await live.prices.checkAll();
  expect(live.state('url').problem).toMatch(/web page/);
  answer = (_incoming, response) => void response.writeHead(500).end();
  await live.prices.checkAll();
  expect(live.state('url').problem).toMatch(/status 500/);
  expect(live.cost()).toBe('7');
  answer = (_incoming, response) => response.end(rows('8'));
  await live.prices.checkAll();
  expect(live.cost()).toBe('8');
  expect(live.state('url')).toMatchObject({ state: 'ok', problem: null });
});

test('a fallback that is no known model is a mistake of the configuration', async () => {
  const directory = temporary();
  const config = configSchema.parse({ price_book: { fallback: 'openai/gpt-4.1-typo' } });
  await expect(
    LivePrices.open({
      dataDirectory: directory,
      settings: priceSettings(config, null),
      log: { info() {}, warn() {}, error() {} },
      watch: false,
    }),
  ).rejects.toThrow(/gpt-4\.1-typo/);
});

test('a model may be the same as one of another file, whichever comes first', async () => {
  const directory = temporary();
  const twin = { provider: 'openai', model: 'twin', same_as: 'house-model' };
  writeFileSync(join(directory, 'a.json'), JSON.stringify([twin]));
  writeFileSync(join(directory, 'b.json'), rows('2'));
  const live = await open({ directory, files: ['a.json', 'b.json'] });
  expect(live.cost('twin')).toBe('2');
  writeFileSync(join(directory, 'a.json'), JSON.stringify([{ ...twin, same_as: 'house-modle' }]));
  await live.prices.checkAll();
  expect(live.state('file').problem).toMatch(/same_as.*house-model/);
  expect(live.cost('twin')).toBe('2');
});

test('a model may be the same as one that only the refreshed list has', async () => {
  const directory = temporary();
  const { base } = priceDirectory(join(directory, 'data'));
  const edition = bundledEdition();
  edition.models.push({ provider: 'openai', model: 'newest', rows: [{ rates: { input: '7' } }] });
  writeAtomically(base, JSON.stringify({ ...edition, book: 'genai-prices@refreshed' }));
  const twin = { provider: 'openai', model: 'twin', same_as: 'newest' };
  writeFileSync(join(directory, 'a.json'), JSON.stringify([twin]));
  const live = await open({ directory, files: ['a.json'] });
  expect(live.state('file')).toMatchObject({ state: 'ok' });
  expect(live.cost('twin')).toBe('7');
  rmSync(base);
  await live.prices.checkAll();
  expect(live.state('base')).toMatchObject({ state: 'ok', book: snapshotBook });
});
