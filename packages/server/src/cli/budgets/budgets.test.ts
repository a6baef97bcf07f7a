import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTestBooks, type TestBooks } from '../../../test-support/open-test-books.js';
import { runCommand } from '../../../test-support/run-command.js';
import { Acknowledgements } from '../../budgets/acknowledgements.js';
import { DecisionLog, type RecordedDecision } from '../../budgets/decision-log.js';
import { BudgetDesk } from '../../budgets/index.js';
import {
  admitCall,
  callTo,
  endCall,
  openWorld,
  removeDirectories,
} from '../../budgets/budget-world.fixture.js';
import { configSchema } from '../../config/index.js';
import { loadSecret } from '../../privacy/secret.js';
import { budgetsCommand } from './budgets.js';
import type { CliContext } from '../context.js';
import { estimateCommand } from '../estimates/estimate.js';

let dataDirectory: string;
beforeEach(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'farthing-budgets-cli-'));
});
afterEach(() => {
  rmSync(dataDirectory, { recursive: true, force: true });
  removeDirectories();
});
const run = (words: string | string[], changes: Partial<CliContext> = {}) =>
  runCommand(budgetsCommand, words, { dataDirectory, ...changes });
const json = async (words: string | string[], changes: Partial<CliContext> = {}) => {
  const list = typeof words === 'string' ? words.split(' ') : words;
  const { stdout } = await run([...list, '--json'], changes);
  // eslint-disable-next-line typescript/no-explicit-any -- what a test expects of it is its type
  return JSON.parse(stdout) as any;
};
const changesFile = () => readFileSync(join(dataDirectory, 'budgets/changes.jsonl'), 'utf8');

describe('farthing budgets', () => {
  test('says how to begin where there are none', async () => {
    expect((await run('')).stdout).toMatch(/There are no budgets\. Write them under `budgets:`/);
  });

  test('sets a budget, on record with who and when, and lists it', async () => {
    const words = ['set', 'each user', '--scope', 'user=*', '--limit', '5', '--window', 'day'];
    expect((await run(words)).exitCode).toBe(0);
    expect(JSON.parse(changesFile())).toMatchObject({
      do: 'set',
      recorded_by: 'ada',
      recorded_at: '2026-03-02T00:00:00.000Z',
      budget: { name: 'each user', scope: { user: '*' }, limit: { usd: '5' }, window: 'day' },
    });
    expect((await run('list')).stdout).toMatch(/^each user +user=\* +day +– +– +\$5\.0000/m);
  });

  test('refuses a wrong one with the field, and records nothing', async () => {
    const { stderr, exitCode } = await run('set team --limit -5');
    expect(stderr).toMatch(/budget "team": `limit` must be an amount in USD above 0/);
    expect(exitCode).toBe(2);
    expect(() => changesFile()).toThrow(/ENOENT/);
  });

  test('raises for what is left of the window, and only upwards', async () => {
    await run('set team --limit 10 --window day');
    expect(await json('raise team --by 2.50')).toMatchObject({ until: '2026-03-03T00:00:00.000Z' });
    expect((await json('list')).budgets[0]).toMatchObject({
      limit: { usd: '12.5' },
      raised: { by: 'ada' },
    });
    const tomorrow = () => new Date('2026-03-03T00:00:00.000Z');
    expect((await json('list', { now: tomorrow })).budgets[0]).toMatchObject({
      limit: { usd: '10' },
      raised: null,
    });
    expect((await run('raise team --to 9')).stderr).toMatch(/has that much already/);
    expect((await run('raise team --by 0')).stderr).toBe(
      'farthing: A raise must be an amount in USD above 0, like 15.00\n',
    );
    expect((await run(['set', 'red\u001b[31m', '--limit', '1'])).stderr).not.toContain('\u001b');
    expect((await run('raise team')).stderr).toMatch(/either --by 10 or --to 25/);
    expect((await run('raise team --by 5 --measure calls')).stderr).toMatch(/no limit in calls/);
  });

  test('raises one account of a budget for each, by the name that callers use', async () => {
    const words = ['set', 'each user', '--scope', 'user=*', '--limit', '5', '--window', 'day'];
    await run(words);
    const raised = await json(['raise', 'each user', '--for', 'user=ada', '--by', '1']);
    // Users are pseudonyms: her name is written nowhere.
    expect(raised.account.user).toMatch(/^u_[0-9a-f]{20}$/);
    expect(changesFile()).not.toMatch(/user":"ada/);
    const { budgets } = await json('list');
    expect(budgets[0]).toMatchObject({
      limit: { usd: '5' },
      raised: null,
      raised_accounts: [{ scope: raised.account, limit: { usd: '6' }, by: 'ada' }],
    });
    const again = ['raise', 'each user', '--for', `user=${raised.account.user}`, '--by', '1'];
    expect((await run(again)).stdout).toMatch(/^Raised budget "each user" for user=u_\w+ until /);
    expect((await json('list')).budgets[0].raised_accounts).toMatchObject([
      { limit: { usd: '7' } },
    ]);
    expect((await run('list')).stdout).toMatch(/each user, user=u_\w+ is raised by ada until/);
    const wrong = async (...pairs: string[]) =>
      (await run(['raise', 'each user', '--by', '1', ...pairs.flatMap((pair) => ['--for', pair])]))
        .stderr;
    expect(await wrong('tenant=acme')).toMatch(/one for each user: name the account by user=…/);
    expect(await wrong('ada')).toMatch(/--for takes dimension=value, not "ada"/);
    await run('set team --limit 5');
    expect((await run('raise team --for user=ada --by 1')).stderr).toMatch(/has one account/);
  });

  test('pauses, resumes and removes', async () => {
    await run('set team --limit 10');
    await run('pause team');
    expect((await json('list')).budgets[0].paused).toBe(true);
    await run('resume team');
    expect((await json('list')).budgets[0].paused).toBe(false);
    await run('remove team');
    expect((await json('list')).budgets).toEqual([]);
  });

  test('says what was probably meant by an unknown name', async () => {
    await run('set team --limit 10');
    for (const order of ['pause', 'resume', 'remove', 'list', 'show']) {
      const { stderr, exitCode } = await run([order, 'taem']);
      expect(stderr).toMatch(/no budget "taem"\. Did you mean "team"\?/);
      expect(exitCode).toBe(2);
    }
  });
});

describe('what is spent', () => {
  test('is shown for the fullest accounts of a budget for each', async () => {
    const world = await openWorld(dataDirectory, { budgets: [] });
    for (let user = 1; user <= 5; user++) {
      const call = callTo(world, { tags: { user: `u${user}` } });
      endCall(world, call, await admitCall(world, call), BigInt(user) * 1_000_000_000_000n);
    }
    await world.admissions.close();
    await world.journal.close();
    const now = () => new Date(world.now);
    const words = ['set', 'each user', '--scope', 'user=*', '--limit', '10', '--window', 'day'];
    await run(words, { now });
    const view = await json(['show', 'each user', '--top', '2'], { now });
    expect(view.budget).toMatchObject({
      account_count: 5,
      accounts: [
        { scope: { user: 'u5' }, spent: '5', ratio: 0.5 },
        { scope: { user: 'u4' }, spent: '4', ratio: 0.4 },
      ],
    });
    const { stdout } = await run(['show', 'each user', '--top', '2'], { now });
    expect(stdout).toMatch(/^Budget "each user", set by ada, /);
    expect(stdout).toMatch(/user=u5 +day +\$5\.0000 .*\n.*user=u4/);
    expect(stdout).toMatch(/3 more accounts are less full: --top 5$/m);
  });

  test('is shown without a gateway: from its last balances and the journals', async () => {
    const world = await openWorld(dataDirectory, { budgets: [] });
    const call = callTo(world);
    endCall(world, call, await admitCall(world, call), 2_500_000_000_000n);
    await world.admissions.close();
    await world.journal.close();
    const now = () => new Date(world.now);
    await run(['set', 'team', '--limit', '10', '--scope', 'agent=support'], { now });
    const { stdout } = await run('list', { now });
    expect(stdout).toMatch(
      /^team +agent=support +month +\$2\.5000 +\$0\.000000 +\$10\.0000 +25\.0%/m,
    );
    expect(stdout).toMatch(/No gateway runs/);
  });
});

const decision: RecordedDecision = {
  call: 'call-1',
  at: '2026-03-01T12:00:00.000Z',
  outcome: 'refused',
  model: 'gpt-4.1',
  model_requested: 'gpt-4.1',
  provider: 'openai',
  tags: { user: 'u1' },
  steps: [
    { do: 'hold', model: 'gpt-4.1', usd: '0.0182', tokens: 4_096 },
    { do: 'throttle', budget: 'each user' },
  ],
  accounts: [
    {
      budget: 'each user',
      scope: { user: 'u1' },
      measure: 'usd',
      limit: '5',
      used: '4.99',
      asked: '0.0182',
      said: 'no',
      resets_at: '2026-03-02T00:00:00.000Z',
    },
  ],
  warnings: [],
  refusal: {
    action: 'throttle',
    budget: 'each user',
    message: 'Not enough.',
    retry_after_s: 43_200,
  },
};
const record = async () => {
  const log = new DecisionLog({
    path: join(dataDirectory, 'budgets/decisions.jsonl'),
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
  log.add(decision, 0);
  log.add({ ...decision, call: 'call-2' }, 10);
  await log.flush();
};

describe('farthing budgets why', () => {
  test('shows every account that was asked and what it said', async () => {
    await record();
    const { stdout, exitCode } = await run('why call-1');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^Call call-1, .* openai\/gpt-4\.1: refused\nNot enough\. It may fit again in 43,200 s/,
    );
    expect(stdout).toMatch(/2 calls were refused alike/);
    expect(stdout).toMatch(/^each user +user=u1 +\$4\.9900 +\$0\.018200 +\$5\.0000 +no/m);
    expect((await run('why call-2')).stdout).toMatch(/As call call-1/);
  });

  test('of a call that nothing is known of says so', async () => {
    const { stderr, exitCode } = await run('why call-9');
    expect(stderr).toMatch(/No decision about call call-9 is on record/);
    expect(exitCode).toBe(1);
  });

  test('history has the newest first', async () => {
    await record();
    expect((await run('history')).stdout).toMatch(
      /call-1 +2 +refused +throttle by budget "each user"/,
    );
    expect(await json('history --outcome admitted')).toEqual({ decisions: [] });
  });
});

describe('farthing budgets acknowledge', () => {
  test('confirms a token once', async () => {
    const token = new Acknowledgements({
      directory: join(dataDirectory, 'budgets/acknowledged'),
      secret: () => loadSecret(dataDirectory),
      now: () => Date.parse('2026-03-02T00:00:00.000Z'),
    }).issue(['dear'], 'request').token;
    expect((await run(['acknowledge', token])).stdout).toMatch(
      /^Confirmed for budget "dear": the same request passes once until 2026-03-02 00:10:00 UTC/,
    );
    const again = await run(['acknowledge', token]);
    expect(again.stderr).toMatch(/it has been used already\. Send the call again/);
    expect(again.exitCode).toBe(1);
  });
});

describe('farthing budgets breakers', () => {
  const breakers = {
    openBudgets: async () =>
      new BudgetDesk({
        dataDirectory,
        config: configSchema.parse({
          breakers: [{ name: 'fast', scope: { agent: '*' }, limit: 5, window: '10m' }],
        }),
        tokenPrices: () => null,
        providerOf: () => null,
        now: () => new Date('2026-03-02T00:00:00.000Z'),
      }),
  };

  test('are listed, tripped and reset', async () => {
    expect((await run('breakers', breakers)).stdout).toMatch(
      /^fast +agent=\* +\$5\.0000 in 600 s +closed/m,
    );
    const words = ['breakers', 'trip', 'fast', '--scope', 'agent=a1', '--cause', 'it loops'];
    expect((await run(words, breakers)).stdout).toMatch(
      /^Tripped breaker "fast" for agent=a1 until 2026-03-02 00:05:00 UTC at least/,
    );
    expect((await run('breakers trip fast', breakers)).stdout).toMatch(
      /^Tripped breaker "fast" for each agent seen so far until 2026-03-02 00:05:00 UTC at least/,
    );
    expect((await run('breakers reset fast', breakers)).exitCode).toBe(0);
    const [trip, , reset] = changesFile()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(trip).toMatchObject({ do: 'trip', breaker: 'fast', cause: 'it loops' });
    expect(reset).toMatchObject({ do: 'reset', breaker: 'fast' });
    expect((await run('breakers reset fasst', breakers)).stderr).toMatch(/Did you mean "fast"/);
  });
});

describe('farthing estimate', () => {
  const request = {
    model: 'gpt-4.1',
    max_tokens: 1_000,
    messages: [
      { role: 'system', content: 'You help. '.repeat(400) },
      { role: 'user', content: 'Hello' },
    ],
  };
  const estimate = async (words: string[], body: unknown = request) => {
    const file = join(dataDirectory, 'request.json');
    writeFileSync(file, typeof body === 'string' ? body : JSON.stringify(body, null, 4));
    return runCommand(estimateCommand, [file, ...words], { dataDirectory });
  };

  test('compares models, the cheapest first, and names the largest lever', async () => {
    const { stdout } = await estimate(['--model', 'gpt-4.1, gpt-4.1-mini,made-up,']);
    const lines = stdout.split('\n');
    expect(lines[1]).toMatch(/^openai\/gpt-4\.1-mini +1,0\d\d +500 +\$0\.001\d+/);
    expect(lines[2]).toMatch(/^openai\/gpt-4\.1 /);
    expect(lines[3]).toMatch(/^made-up .* – +– +– /);
    expect(stdout).toMatch(/made-up has no known price per token/);
    expect(stdout).toMatch(/^system +1,0\d\d +9\d\.\d%/m);
    expect(stdout).toMatch(/Largest lever: system\. To save there, put what stays the same first/);
  });

  test('goes by what was learned of the feature', async () => {
    const world = await openWorld(dataDirectory, {});
    for (let count = 0; count < 30; count++) {
      const call = callTo(world);
      const shape = { ...call.shape, model: 'gpt-4.1', tags: { feature: 'search' } };
      endCall(world, { ...call, shape }, await admitCall(world, { ...call, shape }), 1n);
    }
    await world.admissions.close();
    await world.journal.close();
    const { stdout } = await estimate(['--feature', 'search', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      models: [{ input: { method: 'learned' }, output: { mean: 50 }, learned_calls: 30 }],
    });
  });

  test('refuses what is no request with the reason', async () => {
    expect((await estimate([], '{')).stderr).toMatch(/is not JSON/);
    expect((await estimate([], '[]')).stderr).toMatch(/is no request/);
    expect((await estimate([], { model: 'gpt-4.1' })).stderr).toMatch(/none of `messages`/);
    expect((await estimate([], { messages: [] })).stderr).toMatch(/Name a model .*--model/);
    expect((await estimate(['--model', ' , '])).stderr).toMatch(/--model takes names of models/);
  });
});

describe('over HTTP', () => {
  let books: TestBooks;
  beforeEach(async () => {
    books = await openTestBooks({
      budgets: new BudgetDesk({
        dataDirectory,
        config: configSchema.parse({ budgets: [{ name: 'team', limit: 10, window: 'day' }] }),
        tokenPrices: () => null,
        providerOf: () => null,
        now: () => new Date('2026-03-02T00:00:00.000Z'),
      }),
    });
  });
  afterEach(() => books.close());
  const send = (method: string, path: string, body?: unknown) =>
    books.json(path, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });

  test('budgets are listed, set, raised, paused and removed', async () => {
    const budget = { name: 'b', limit: 5 };
    expect(await send('PUT', '/api/v1/budgets', { budget, by: 'joe' })).toMatchObject({
      status: 200,
    });
    const raised = await send('POST', '/api/v1/budgets/team/raise', { add: { usd: '5' } });
    expect(raised.body).toMatchObject({ until: '2026-03-03T00:00:00.000Z' });
    await send('POST', '/api/v1/budgets/b/pause', {});
    const { body } = await send('GET', '/api/v1/budgets');
    expect(body['budgets']).toMatchObject([
      { name: 'team', limit: { usd: '15' } },
      { name: 'b', paused: true, origin: { from: 'change', by: 'joe' } },
    ]);
    await send('POST', '/api/v1/budgets/b/resume', {});
    expect((await send('DELETE', '/api/v1/budgets/b')).status).toBe(200);
    expect((await send('DELETE', '/api/v1/budgets/b')).status).toBe(404);
  });

  test('one is shown with its accounts, of which one alone may be raised', async () => {
    const budget = { name: 'each', scope: { user: '*' }, limit: 5, window: 'day' };
    await send('PUT', '/api/v1/budgets', { budget });
    const path = '/api/v1/budgets/each';
    const account = { user: 'ada' };
    const { body } = await send('POST', `${path}/raise`, { to: { usd: '8' }, account });
    expect(body).toMatchObject({ account: { user: expect.stringMatching(/^u_/) } });
    expect(await send('GET', `${path}?accounts=5`)).toMatchObject({
      status: 200,
      body: { budget: { name: 'each', raised_accounts: [{ limit: { usd: '8' } }] } },
    });
    expect((await send('GET', '/api/v1/budgets/nothing')).status).toBe(404);
    const wrong = await send('POST', `${path}/raise`, {
      to: { usd: '8' },
      account: { agent: 'a' },
    });
    expect(wrong).toMatchObject({ status: 400, body: { error: { code: 'invalid_raise' } } });
  });

  test('wrong ones are refused with the reason', async () => {
    const budget = { name: 'b', limit: 0 };
    expect(await send('PUT', '/api/v1/budgets', { budget })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(/`limit` must be an amount/) } },
    });
    expect(await send('POST', '/api/v1/budgets/taem/pause', {})).toMatchObject({
      status: 404,
      body: { error: { message: expect.stringMatching(/Did you mean "team"/) } },
    });
    expect(
      await send('POST', '/api/v1/budgets/acknowledgements', { token: 'forged' }),
    ).toMatchObject({ status: 400, body: { error: { code: 'acknowledgement_refused' } } });
  });

  test('decisions and estimates are answered', async () => {
    await record();
    expect(await send('GET', '/api/v1/budgets/decisions/call-2')).toMatchObject({
      status: 200,
      body: { same_as: 'call-1', accounts: [{ said: 'no' }] },
    });
    expect((await send('GET', '/api/v1/budgets/decisions/call-9')).status).toBe(404);
    const { body } = await send('GET', '/api/v1/budgets/decisions?budget=each%20user');
    expect(body['decisions']).toHaveLength(1);
    const request = { model: 'm', messages: [{ role: 'user', content: 'x'.repeat(400) }] };
    expect(await send('POST', '/api/v1/estimates', { request, provider: 'openai' })).toMatchObject({
      status: 200,
      body: { api: 'chat.completions', models: [{ model: 'm', usd: null }] },
    });
  });

  test('where there are none, that is said', async () => {
    const bare = await openTestBooks();
    expect(await bare.json('/api/v1/budgets')).toMatchObject({
      status: 503,
      body: { error: { code: 'budgets_unavailable' } },
    });
    await bare.close();
  });
});
