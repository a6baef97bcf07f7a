import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import {
  admitCall,
  callTo,
  endCall,
  newDirectory,
  noon,
  openWorld,
  quiet,
  removeDirectories,
  type World,
} from './budget-world.fixture.js';
import { findDecision, latestDecisions } from './read-decisions.js';

const worlds: World[] = [];
afterEach(async () => {
  for (const { admissions, journal } of worlds.splice(0)) {
    await admissions.close();
    await journal.close();
  }
  removeDirectories();
});
const open = async (
  settings: Parameters<typeof openWorld>[1],
  directory = newDirectory(),
  log = quiet as Parameters<typeof openWorld>[2],
) => {
  const world = await openWorld(directory, settings, log);
  worlds.push(world);
  return world;
};
const decisionsOf = ({ dataDirectory }: World) => join(dataDirectory, 'budgets/decisions.jsonl');

describe('without budgets', () => {
  test('a call is estimated at once, and nothing is written', async () => {
    const world = await open({});
    const admission = world.admissions.admit(callTo(world));
    expect(admission).toMatchObject({ outcome: 'admitted', decision: null, warnings: [] });
    expect('estimate' in admission && admission.estimate.input.expected).toBe(1_000);
  });
});

describe('a call of a budget', () => {
  test('is admitted at once, holds, and settles at what it took', async () => {
    const world = await open({ budgets: [{ name: 'team', limit: 1, hold: 'bound' }] });
    const call = callTo(world);
    const admission = world.admissions.admit(call);
    expect(admission).not.toBeInstanceOf(Promise);
    // Bound: 2,000 tokens at $1, 100 at $10 per million.
    expect(world.admissions.statuses()[0]).toMatchObject({
      accounts: [{ spent: '0', held: '0.003', ratio: 0.003 }],
    });
    endCall(world, call, await admission, 1_500_000_000n);
    expect(world.admissions.statuses()[0]).toMatchObject({
      accounts: [{ spent: '0.0015', held: '0' }],
    });
  });

  test('gives back all where the provider billed nothing, and nothing where that is unknown', async () => {
    const world = await open({ budgets: [{ name: 'team', limit: 1, hold: 'bound' }] });
    const unbilled = callTo(world);
    endCall(world, unbilled, await admitCall(world, unbilled), 0n, {
      usage: null,
      cost: { usd: '0', status: 'not_billed', charges: [] },
    });
    expect(world.admissions.statuses()[0]!.accounts).toEqual([]);
    const unknown = callTo(world);
    endCall(world, unknown, await admitCall(world, unknown), 0n, {
      usage: null,
      cost: { usd: null, status: 'no_usage', charges: [] },
    });
    expect(world.admissions.statuses()[0]!.accounts).toMatchObject([{ spent: '0.003' }]);
  });

  test('goes to a cheaper model where the gateway can send it there', async () => {
    const budgets = [
      { name: 'team', limit: 0.001, actions: ['downgrade'], downgrade: ['large', 'small'] },
    ];
    const world = await open({ budgets });
    const call = callTo(world);
    const admission = await world.admissions.admit({
      ...call,
      onModel: (model) => ({ ...call.shape, model }),
    });
    expect(admission).toMatchObject({ outcome: 'admitted', shape: { model: 'small' } });
    expect(await world.admissions.admit(callTo(world))).toMatchObject({ outcome: 'refused' });
  });

  test('has its history cut by as many bytes as needed', async () => {
    const world = await open({
      budgets: [{ name: 'chat', call: { input_tokens: 600 }, actions: ['truncate'] }],
    });
    const call = callTo(world);
    const asked: number[] = [];
    const admission = await world.admissions.admit({
      ...call,
      truncated: (bytes, shape) => {
        asked.push(bytes);
        return { ...shape, textBytes: shape.textBytes - bytes };
      },
    });
    expect(admission).toMatchObject({ outcome: 'admitted', shape: { textBytes: 2_400 } });
    expect(asked).toEqual([1_600]);
  });

  test('whose price does not follow from its size counts when it has ended', async () => {
    const world = await open({ budgets: [{ name: 'team', limit: 0.001 }] });
    const call = callTo(world, { estimable: false });
    const admission = await admitCall(world, call);
    expect(admission.outcome).toBe('admitted');
    endCall(world, call, admission, 2_000_000_000n);
    expect((await admitCall(world)).outcome).toBe('refused');
  });
});

describe('decisions', () => {
  test('are on record with every account that was asked', async () => {
    const world = await open({
      budgets: [
        { name: 'company', limit: 100 },
        { name: 'each user', scope: { user: '*' }, limit: 0.0001, window: 'day' },
      ],
    });
    const call = callTo(world);
    await world.admissions.admit(call);
    await world.admissions.flush();
    expect(await findDecision(decisionsOf(world), call.id)).toMatchObject({
      outcome: 'refused',
      provider: 'openai',
      model_requested: 'large',
      tags: { user: 'u1' },
      times: 1,
      refusal: { budget: 'each user' },
      accounts: [
        { budget: 'each user', said: 'no', scope: { user: 'u1' } },
        { budget: 'company', said: 'yes' },
      ],
    });
  });

  test('that say nothing are not', async () => {
    const world = await open({ budgets: [{ name: 'team', limit: 100 }] });
    const call = callTo(world);
    await world.admissions.admit(call);
    await world.admissions.flush();
    expect(await findDecision(decisionsOf(world), call.id)).toBeNull();
  });

  test('that repeat within a second are counted, and each call still finds its own', async () => {
    const world = await open({ budgets: [{ name: 'team', limit: 0.0001 }] });
    const calls = Array.from({ length: 50 }, () => callTo(world));
    for (const call of calls) await world.admissions.admit(call);
    world.now += 1_500;
    await world.admissions.admit(callTo(world));
    await world.admissions.flush();
    expect(readFileSync(decisionsOf(world), 'utf8').trim().split('\n')).toHaveLength(3);
    expect(await findDecision(decisionsOf(world), calls[30]!.id)).toMatchObject({
      call: calls[30]!.id,
      same_as: calls[0]!.id,
      times: 50,
      refusal: { budget: 'team' },
    });
    const latest = await latestDecisions(decisionsOf(world), { limit: 10 });
    expect(latest.map(({ times }) => times)).toEqual([1, 50]);
  });
});

describe('a breaker', () => {
  const breaker = {
    name: 'fast',
    scope: { agent: '*' },
    limit: 0.001,
    window: '10m',
    steps: ['downgrade', 'block'],
    downgrade: ['large', 'small'],
  };

  test('degrades, then refuses, of the agent that spends too fast alone', async () => {
    const world = await open({ breakers: [breaker] });
    const spend = async () => {
      const call = callTo(world, { onModel: (model) => ({ ...callTo(world).shape, model }) });
      const admission = await admitCall(world, call);
      if (admission.outcome === 'admitted') endCall(world, call, admission, 2_000_000_000n);
      return admission;
    };
    expect((await spend()).shape.model).toBe('large');
    expect((await spend()).shape.model).toBe('small');
    expect(await spend()).toMatchObject({
      outcome: 'refused',
      refusal: { budget: 'fast', breaker: true, action: 'block', retry_after_s: 300 },
    });
    const other = callTo(world, { tags: { agent: 'other' } });
    expect(await world.admissions.admit(other)).toMatchObject({ outcome: 'admitted' });
    expect(world.admissions.breakers()).toMatchObject([{ rule: 'fast', step: 'block' }]);
    await world.admissions.flush();
    const { breakers } = JSON.parse(
      readFileSync(join(world.dataDirectory, 'budgets/breakers.json'), 'utf8'),
    ) as { breakers: unknown[] };
    expect(breakers).toHaveLength(1);
  });
});

describe('what is learned', () => {
  test('survives a restart', async () => {
    const first = await open({});
    for (let count = 0; count < 30; count++) {
      const call = callTo(first);
      endCall(first, call, await admitCall(first, call), 1n);
    }
    await first.admissions.close();
    const second = await open({}, first.dataDirectory);
    const admission = await second.admissions.admit(callTo(second));
    expect(admission.estimate).toMatchObject({
      input: { method: 'learned', expected: 1_000 },
      output: { basis: 'template', mean: 50 },
    });
  });

  test('begins anew where its file is damaged, which is said once and kept', async () => {
    const directory = newDirectory();
    const { mkdirSync, writeFileSync } = await import('node:fs');
    mkdirSync(join(directory, 'budgets'));
    writeFileSync(join(directory, 'budgets/learned.json'), '{"version":1,"input":');
    const warnings: string[] = [];
    const log = { ...quiet, warn: (_: object, message: string) => void warnings.push(message) };
    const world = await open({}, directory, log);
    expect(await world.admissions.admit(callTo(world))).toMatchObject({ outcome: 'admitted' });
    expect(warnings).toEqual(['what was learned of calls is damaged: estimates begin anew']);
    expect(readFileSync(join(directory, 'budgets/learned.json.damaged'), 'utf8')).toContain(
      'input',
    );
  });
});

describe('changes by command', () => {
  const append = async (directory: string, ...lines: (object | string)[]) => {
    const { appendFileSync, mkdirSync } = await import('node:fs');
    mkdirSync(join(directory, 'budgets'), { recursive: true });
    const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
    appendFileSync(join(directory, 'budgets/changes.jsonl'), `${text.join('\n')}\n`);
  };
  const change = (what: object) => ({
    id: String(Math.random()),
    recorded_at: new Date(noon).toISOString(),
    recorded_by: 'ada',
    ...what,
  });
  const until = async (holds: () => boolean | Promise<boolean>) => {
    for (let turn = 0; turn < 200 && !(await holds()); turn++) await sleep(25);
    expect(await holds()).toBe(true);
  };

  test('hold from the next call on, also while the gateway runs', async () => {
    const world = await open({ budgets: [{ name: 'team', limit: 0.0001 }] });
    const passes = async () => (await world.admissions.admit(callTo(world))).outcome === 'admitted';
    expect(await passes()).toBe(false);
    await append(world.dataDirectory, change({ do: 'pause', name: 'team' }));
    await until(passes);
    await append(world.dataDirectory, change({ do: 'resume', name: 'team' }));
    await until(async () => !(await passes()));
    await append(world.dataDirectory, change({ do: 'remove', name: 'team' }));
    await until(passes);
  });

  test('a raise ends with the window', async () => {
    const directory = newDirectory();
    const end = '2026-11-20T13:00:00.000Z';
    await append(directory, change({ do: 'raise', name: 'team', limit: { usd: '5' }, until: end }));
    const world = await open(
      { budgets: [{ name: 'team', limit: 0.0001, window: 'hour' }] },
      directory,
    );
    expect((await world.admissions.admit(callTo(world))).outcome).toBe('admitted');
    world.now = Date.parse(end);
    expect((await world.admissions.admit(callTo(world))).outcome).toBe('refused');
  });

  test('a bad line leaves what held, and is said', async () => {
    const directory = newDirectory();
    await append(
      directory,
      change({ do: 'set', budget: { name: 'team', limit: 0.0001 } }),
      '{"do":"set", torn',
      change({ do: 'set', budget: { name: 'team', limit: -5 } }),
    );
    const problems: unknown[] = [];
    const log = { ...quiet, warn: (fields: object) => void problems.push(fields) };
    const world = await open({}, directory, log);
    expect((await world.admissions.admit(callTo(world))).outcome).toBe('refused');
    expect(JSON.stringify(problems)).toMatch(/line 2 cannot be used.*`limit` must be an amount/);
  });

  test('a budget that goes and comes back, or counts something else, counts nothing twice', async () => {
    const team = { name: 'team', limit: 100 };
    const world = await open({ budgets: [team] });
    const before = callTo(world);
    endCall(world, before, await admitCall(world, before), 3_000_000n);
    const running = callTo(world);
    const admission = await admitCall(world, running);
    const spent = () =>
      world.admissions
        .statuses()[0]
        ?.accounts.filter(({ measure }) => measure === 'usd')
        .map((account) => account.spent)
        .join();
    await append(world.dataDirectory, change({ do: 'remove', name: 'team' }));
    await until(() => spent() === undefined);
    await append(world.dataDirectory, change({ do: 'set', budget: team }));
    await until(() => spent() === '0.000003');
    endCall(world, running, admission, 40_000_000n);
    expect(spent()).toBe('0.000043');
    const limit = { usd: 100, tokens: 1_000_000 };
    await append(world.dataDirectory, change({ do: 'set', budget: { ...team, limit } }));
    const tokens = () =>
      world.admissions.statuses()[0]!.accounts.find(({ measure }) => measure === 'tokens')?.spent;
    await until(() => tokens() === '2100');
    expect(spent()).toBe('0.000043');
  });

  test('a budget that comes while calls run counts what was spent before, and what runs', async () => {
    const world = await open({});
    const before = callTo(world);
    endCall(world, before, await admitCall(world, before), 3_000_000n);
    const running = callTo(world);
    const admission = await admitCall(world, running);
    await append(world.dataDirectory, change({ do: 'set', budget: { name: 'late', limit: 100 } }));
    const late = () => world.admissions.statuses().find(({ name }) => name === 'late');
    await until(() => late() !== undefined);
    endCall(world, running, admission, 40_000_000n);
    const after = callTo(world);
    endCall(world, after, await admitCall(world, after), 500_000_000n);
    await until(() => late()!.accounts[0]?.spent === '0.000543');
    await sleep(400);
    expect(late()!.accounts[0]).toMatchObject({ spent: '0.000543', held: '0' });
  });
});
