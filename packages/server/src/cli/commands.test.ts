import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
  appendFileSync,
  readdirSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestBooks, type TestBooks } from '../../test-support/open-test-books.js';
import { runCommand } from '../../test-support/run-command.js';
import { serveControlPlane, type ServedControlPlane } from '../api/index.js';
import { removeControlFile, writeControlFile } from '../control/control-file.js';
import { sampleEntry } from '../store/conformance/batches.js';
import { doctorCommand } from './health/doctor.js';
import { importCommand } from './import/import.js';
import { monthlyCommand, reportCommand } from './report/report.js';
import { tailCommand } from './calls/tail.js';

const root = mkdtempSync(join(tmpdir(), 'farthing-cli-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let directories = 0;
const newDirectory = () => join(root, `data-${directories++}`);

const unpriced = { usd: null, status: 'unknown_model' as const, charges: [] };
const someCalls = () => [
  sampleEntry({ tags: { feature: 'search' }, started_at: '2026-03-01T10:00:00.000Z' }),
  sampleEntry({ tags: { feature: 'search' }, started_at: '2026-02-01T10:00:00.000Z' }),
  sampleEntry({ tags: { feature: 'chat' }, started_at: '2026-03-01T11:00:00.000Z' }),
  sampleEntry({ tags: {}, model: 'mystery', cost: unpriced }),
];

async function dataDirectoryWithCalls(): Promise<string> {
  const dataDirectory = newDirectory();
  const { openLocalBooks } = await import('../processes/local-books.js');
  const { openDuckDbStore } = await import('../store/duckdb/index.js');
  const books = await openLocalBooks({
    dataDirectory,
    openStore: (directory) => openDuckDbStore({ directory: join(directory, 'store') }),
  });
  await books.appendEntries(someCalls());
  await books.bookAll();
  await books.close();
  return dataDirectory;
}

const aiderLine = (time: number, cost = 0.0001107) =>
  JSON.stringify({
    event: 'message_send',
    properties: { main_model: 'gpt-4o-mini', prompt_tokens: 638, completion_tokens: 25, cost },
    user_id: 'user-1',
    time,
  });

describe('with no control plane running', () => {
  let dataDirectory: string;
  beforeAll(async () => {
    dataDirectory = await dataDirectoryWithCalls();
  });

  test('report opens the store itself, says so, and prints plain columns when piped', async () => {
    const { stdout, stderr, exitCode } = await runCommand(reportCommand, '--by feature', {
      dataDirectory,
    });
    expect(exitCode).toBe(0);
    expect(stderr).toContain('No control plane runs');
    expect(stdout).toBe(`Spend, all calls

feature              cost  calls  cost_average  tokens_input  tokens_output  share
search          $0.003750      2     $0.001875         2,000            100  66.7%
chat            $0.001875      1     $0.001875         1,000             50  33.3%
(unattributed)          –      1             –         1,000             50      –
total           $0.005625      4     $0.001875         4,000            200

Unattributed (no feature): 1 of 4 calls, cost unknown.
Unpriced: 1 of 4 calls have no known cost and are not in these sums. See "farthing report --by model,cost_status --measure unpriced_calls".
`);
  });

  test('report --json is the API’s report', async () => {
    const { stdout } = await runCommand(
      reportCommand,
      '--by feature --filter feature=search --since 2026-02-15 --json',
      { dataDirectory },
    );
    expect(JSON.parse(stdout)).toMatchObject({
      rows: [{ feature: 'search', cost: '0.001875', cost_share: 1 }],
      totals: { calls: 1 },
      query: { window: { from: '2026-02-15T00:00:00.000Z' } },
    });
  });

  test('monthly lists months, and a time zone changes how times look, not what they sum', async () => {
    const utc = await runCommand(monthlyCommand, '', { dataDirectory });
    expect(utc.stdout).toMatch(/^2026-02 +\$0\.001875 +1 /m);
    const berlin = await runCommand(monthlyCommand, '--timezone Europe/Berlin', { dataDirectory });
    expect(berlin.stdout).toMatch(/^2026-02-01 01:00 +\$0\.001875 +1 /m);
  });

  test('in a terminal it draws bars', async () => {
    let text = '';
    await runCommand(reportCommand, '--by feature', {
      dataDirectory,
      output: {
        write: (part) => void (text += part),
        note: () => {},
        progress: () => {},
        tty: true,
        columns: 80,
        color: false,
      },
    });
    expect(text).toContain('█');
    expect(text).toContain('───');
    expect(text).not.toContain('\u001B');
  });

  test('an empty window says so instead of printing nothing', async () => {
    const { stdout, exitCode } = await runCommand(
      reportCommand,
      '--since 2027-01-01 --until 2028-01-01',
      {
        dataDirectory,
      },
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^No calls in this window \(2027-01-01 .* UTC\)\.\n--since widens the window\.\n$/,
    );
  });

  test('what nobody is called is told from an empty window', async () => {
    const flags = '--by model --filter feature=nobody';
    const { stdout } = await runCommand(reportCommand, flags, { dataDirectory });
    expect(stdout).toBe(
      'No calls, only feature=nobody.\n"farthing report --by feature" lists what there is.\n',
    );
  });

  test.each([
    ['--by featrue', /Did you mean "feature"\?/],
    ['--measure costs', /Did you mean "cost"\?/],
    ['--since lately', /Use 1h, 24h/],
    ['--filter feature', /dimension=value/],
    ['--limit none', /whole number/],
    ['--timezone Mars', /IANA name/],
    ['--frobnicate', /unknown option/],
  ])('report %s is a usage error (2) that names the fix', async (words, message) => {
    const { stderr, stdout, exitCode } = await runCommand(reportCommand, words, { dataDirectory });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
  });

  test('in an empty directory report says how to begin and creates nothing', async () => {
    const empty = newDirectory();
    const { stderr, exitCode } = await runCommand(reportCommand, '', { dataDirectory: empty });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('farthing up');
    expect(existsSync(empty)).toBe(false);
  });

  test('a control plane named by hand must answer', async () => {
    const { stderr, exitCode } = await runCommand(reportCommand, '', {
      dataDirectory,
      controlUrl: 'http://127.0.0.1:9',
    });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/No control plane answers at http:\/\/127\.0\.0\.1:9/);
  });

  test('tail has nothing to watch and says what to start', async () => {
    const { stderr, exitCode } = await runCommand(tailCommand, '', { dataDirectory });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('farthing up');
  });
});

describe('import', () => {
  test('books a file once, however often it is imported, and reports what disagrees', async () => {
    const dataDirectory = newDirectory();
    const file = join(root, 'history.jsonl');
    writeFileSync(
      file,
      [aiderLine(1723560043), aiderLine(1723560044, 9990), aiderLine(1723560045)].join('\n'),
    );
    const first = await runCommand(importCommand, [file, '--preset', 'aider'], { dataDirectory });
    expect(first.exitCode).toBe(0);
    expect(first.stdout).toContain('3 imported as import:aider, 0 already there');
    expect(first.stdout).toContain('agree for 2 of 3 priced calls');
    expect(first.stdout).toMatch(
      /^ +2 +2024-08-13 14:40 +gpt-4o-mini +638 +25 +\$9,990\.000000 +\$0\.000111 +\$9,989\.999889$/m,
    );

    appendFileSync(file, `\n${aiderLine(1723560046)}`);
    const second = await runCommand(importCommand, [file, '--preset', 'aider', '--json'], {
      dataDirectory,
    });
    expect(JSON.parse(second.stdout)).toMatchObject({ imported: 1, already_there: 3 });
    const report = await runCommand(reportCommand, '--json', { dataDirectory });
    expect(JSON.parse(report.stdout).totals).toMatchObject({ calls: 4, cost: '0.0004428' });
  });

  test('a dry run leaves an empty directory empty', async () => {
    const dataDirectory = newDirectory();
    const file = join(root, 'dry.jsonl');
    writeFileSync(file, aiderLine(1723560043));
    const { stdout } = await runCommand(importCommand, [file, '--preset', 'aider', '--dry-run'], {
      dataDirectory,
    });
    expect(stdout).toContain('1 would be imported');
    expect(existsSync(dataDirectory)).toBe(false);
  });

  test('unreadable lines are listed and make the exit code 1; the rest is booked', async () => {
    const dataDirectory = newDirectory();
    const file = join(root, 'damaged.jsonl');
    writeFileSync(file, [aiderLine(1723560043), '{', aiderLine(1723560044)].join('\n'));
    const { stdout, exitCode } = await runCommand(importCommand, [file, '--preset', 'aider'], {
      dataDirectory,
    });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('2 imported');
    expect(stdout).toContain('1 unreadable line, left out:');
    expect(stdout).toMatch(/line 2: not JSON/);
  });

  test.each([
    [[], /Name the files or directories/],
    [[import.meta.filename], /no kind that Farthing knows/],
    [[import.meta.filename, '--preset', 'aider', '--map', 'x=y'], /Say once/],
    [['aider', import.meta.filename, '--map', 'x=y'], /Say once/],
    [[import.meta.filename, '--preset', 'aider', '--tag', 'feature'], /name=value/],
    [[import.meta.filename, '--preset', 'adier'], /Did you mean "aider"/],
    [['nowhere.jsonl', '--preset', 'aider'], /There is no file or directory nowhere\.jsonl/],
    [['aidre', import.meta.filename], /There is no file or directory aidre.*Did you mean "aider"/],
  ])('%j is a usage error, and leaves nothing behind', async (words, message) => {
    const dataDirectory = newDirectory();
    const { stderr, exitCode } = await runCommand(importCommand, words, { dataDirectory });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
    expect(existsSync(dataDirectory)).toBe(false);
  });
});

describe('doctor', () => {
  test('finds nothing wrong in an empty directory, and leaves it as it is', async () => {
    const dataDirectory = newDirectory();
    const { stdout, exitCode } = await runCommand(doctorCommand, '', { dataDirectory });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('(not there yet)');
    expect(stdout).toContain('Nothing is wrong.');
    expect(existsSync(dataDirectory)).toBe(false);
  });

  test('names unpriced models, with what to do, and exits with 1', async () => {
    const dataDirectory = await dataDirectoryWithCalls();
    const { stdout, exitCode } = await runCommand(doctorCommand, '', { dataDirectory });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('PROBLEM  1 of 4 calls have no price: openai/mystery (1).');
    expect(stdout).toContain('Fix: ');
  });

  test('tells damaged journal lines and a control plane that died', async () => {
    const dataDirectory = await dataDirectoryWithCalls();
    const journal = join(dataDirectory, 'journals', 'import');
    const segment = readdirSync(journal).find((name) => name.endsWith('.jsonl'))!;
    appendFileSync(join(journal, segment), 'damage\n');
    writeControlFile(dataDirectory, {
      pid: 2 ** 22 + 1,
      url: 'http://127.0.0.1:9',
      version: '1.2.3',
      started_at: '2026-03-01T00:00:00.000Z',
    });
    const { stdout } = await runCommand(doctorCommand, '--json', { dataDirectory });
    const codes = JSON.parse(stdout).findings.map(({ code }: { code: string }) => code);
    expect(codes).toContain('damaged_lines');
    expect(codes).toContain('control_plane_died');
  });

  test('says what keeps the books shut', async () => {
    const dataDirectory = newDirectory();
    mkdirSync(join(dataDirectory, 'store'), { recursive: true });
    writeFileSync(join(dataDirectory, 'store', 'farthing.duckdb'), 'this is no database');
    const { stdout, exitCode } = await runCommand(doctorCommand, '', { dataDirectory });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/PROBLEM {2}.*farthing\.duckdb/);
  });

  test('a file in the place of the data directory is a problem', async () => {
    const path = newDirectory();
    writeFileSync(path, '');
    const { stdout, exitCode } = await runCommand(doctorCommand, '', { dataDirectory: path });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('is not a directory');
  });
});

describe('with a control plane running', () => {
  let books: TestBooks;
  let served: ServedControlPlane;
  const token = 'a-token-of-sixteen-or-more';

  beforeAll(async () => {
    books = await openTestBooks({ token });
    served = await serveControlPlane(books.app, { host: '127.0.0.1', port: 0 });
    await books.book(someCalls());
    writeControlFile(books.dataDirectory, {
      pid: process.pid,
      url: served.url,
      version: '1.2.3',
      started_at: '2026-03-01T00:00:00.000Z',
    });
  });
  afterAll(async () => {
    removeControlFile(books.dataDirectory);
    books.events.close();
    await served.close(100);
    await books.close();
  });
  const context = () => ({ dataDirectory: books.dataDirectory, token });

  test('report asks it and says so', async () => {
    const { stdout, stderr } = await runCommand(reportCommand, '--by feature --json', context());
    expect(stderr).toBe(`Asking the control plane at ${served.url}.\n`);
    expect(JSON.parse(stdout).rows[0]).toMatchObject({ feature: 'search', cost: '0.00375' });
  });

  test('without its token the error says where to put it', async () => {
    const { stderr, exitCode } = await runCommand(reportCommand, '', {
      dataDirectory: books.dataDirectory,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('FARTHING_TOKEN');
  });

  test('import goes through it and is booked once', async () => {
    const file = join(root, 'remote.jsonl');
    writeFileSync(
      file,
      Array.from({ length: 1500 }, (_, index) => aiderLine(1723560000 + index)).join('\n'),
    );
    const first = await runCommand(importCommand, [file, '--preset', 'aider', '--json'], context());
    expect(JSON.parse(first.stdout)).toMatchObject({ imported: 1500, already_there: 0 });
    await books.ledger.drain();
    const second = await runCommand(
      importCommand,
      [file, '--preset', 'aider', '--json'],
      context(),
    );
    expect(JSON.parse(second.stdout)).toMatchObject({ imported: 0, already_there: 1500 });
  });

  test('doctor looks through it', async () => {
    const { stdout, exitCode } = await runCommand(doctorCommand, '', context());
    expect(stdout).toContain(`running at ${served.url}`);
    expect(stdout).toContain('openai/mystery');
    expect(exitCode).toBe(1);
  });

  test('tail shows the latest calls, then the live ones, each once', async () => {
    const stop = new AbortController();
    let text = '';
    const running = runCommand(tailCommand, '--last 2 --filter feature=live --json', {
      ...context(),
      signal: stop.signal,
      output: {
        write: (part) => void (text += part),
        note: () => {},
        progress: () => {},
        tty: false,
        columns: 80,
        color: false,
      },
    });
    await expect.poll(() => books.events.subscriberCount).toBe(1);
    const entry = sampleEntry({ tags: { feature: 'live' } });
    await books.book([entry, sampleEntry()]);
    await expect.poll(() => text).toContain(entry.id);
    stop.abort();
    expect((await running).exitCode).toBe(0);
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).id),
    ).toEqual([entry.id]);
  });

  test('tail prints a call as a line: time, feature, model, tokens, exact cost, outcome', async () => {
    const stop = new AbortController();
    let text = '';
    const running = runCommand(tailCommand, '--last 1 --filter feature=chat', {
      ...context(),
      signal: stop.signal,
      output: {
        write: (part) => void (text += part),
        note: () => {},
        progress: () => {},
        tty: false,
        columns: 80,
        color: false,
      },
    });
    await expect.poll(() => text).not.toBe('');
    stop.abort();
    await running;
    expect(text).toMatch(/^11:00:00 {2}chat +gpt-4o-2024-08-06 +1,000 → 50 +\$0\.001875 {2}ok\n$/);
  });
});
