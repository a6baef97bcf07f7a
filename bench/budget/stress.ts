import { fork, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClient } from '@redis/client';
import { hasRedis, RedisServer } from '../../packages/redis/src/redis-server.fixture.js';
import { levels, type AdmittedCall, type StressOrder, type StressResult } from './stress-plan.js';

export interface StressFigures {
  calls: number;
  spentOfOrganisation: number;
  /** Largest amount above a limit over all accounts, in nano-USD. */
  overspent: number;
  utilisationAtFirstRefusal: number;
  trueRefusals: number;
  refused: number;
  unavailable: number;
  lost: number;
  repeated: number;
  keptAtEnd: number;
  p50: number;
  p99: number;
  exchangesPerCall: number;
}

/** 8 gateways × 64 callers on six levels of budgets, on a real Redis that is killed twice. */
export async function stress(
  gateways = 8,
  callers = 64,
  seconds = 40,
): Promise<StressFigures | null> {
  if (!hasRedis) return null;
  const redis = await RedisServer.start('--appendonly', 'yes', '--appendfsync', 'everysec');
  const limits = new Map(levels.map(({ name, limit }) => [name as string, limit]));
  const spent = new Map<string, number>();
  const results: StressResult[] = [];
  const children: ChildProcess[] = [];
  let waiting = gateways;
  let begun = (): void => {};
  const allReady = new Promise<void>((resolve) => {
    begun = () => {
      waiting -= 1;
      if (waiting === 0) resolve();
    };
  });
  const endings = Array.from({ length: gateways }, (_, worker) => {
    const order: StressOrder = { worker, callers, url: redis.url, holdMilliseconds: 2_000 };
    const child = fork(
      fileURLToPath(new URL('./stress-worker.ts', import.meta.url)),
      [JSON.stringify(order)],
      {
        execArgv: process.execArgv,
      },
    );
    children.push(child);
    return new Promise<void>((resolve) => {
      child.on('message', (message: { result: StressResult } | 'ready') => {
        if (message === 'ready') begun();
        else results.push(message.result);
      });
      child.once('exit', () => resolve());
    });
  });
  await allReady;
  for (const child of children) child.send('go');
  for (const share of [0.25, 0.2]) {
    await sleep(seconds * share * 1_000);
    await redis.kill();
    await sleep(300);
    await redis.start();
  }
  await sleep(seconds * 0.55 * 1_000);
  for (const child of children) child.send('stop');
  await Promise.all(endings);

  const admin = createClient({ url: redis.url });
  await admin.connect();
  const keptAtEnd = await keptInRedis(admin);
  const commands = Number(
    /^cmdstat_evalsha:calls=(\d+)/m.exec(await admin.info('commandstats'))?.[1] ?? 0,
  );
  admin.destroy();
  await redis.stop();

  const log = results.flatMap((result) => result.log).sort((left, right) => left.at - right.at);
  for (const { keys, takes } of log)
    for (const key of keys) spent.set(key, (spent.get(key) ?? 0) + takes);
  const limitOf = (key: string) => limits.get(key.slice(0, key.indexOf('=')))!;
  const refusals = results
    .flatMap((result) => result.refusals)
    .sort((left, right) => left.at - right.at);
  const microseconds = results.flatMap((result) => result.microseconds).sort((a, b) => a - b);
  const sum = (figure: (result: StressResult) => number) =>
    results.reduce((total, result) => total + figure(result), 0);
  return {
    calls: microseconds.length,
    spentOfOrganisation: spent.get('org=') ?? 0,
    overspent: Math.max(0, ...[...spent].map(([key, amount]) => amount - limitOf(key))),
    ...judge(refusals, log, limitOf),
    refused: sum(({ refused }) => refused),
    unavailable: sum(({ unavailable }) => unavailable),
    lost: sum(({ lost }) => lost),
    repeated: sum(({ repeated }) => repeated),
    keptAtEnd,
    p50: microseconds[Math.floor(microseconds.length * 0.5)] ?? 0,
    p99: microseconds[Math.floor(microseconds.length * 0.99)] ?? 0,
    exchangesPerCall: commands / microseconds.length,
  };
}

/**
 * A refusal is true when the calls admitted up to then, whatever they will cost, leave less than was
 * asked for. Utilisation: how much of a limit was taken when its account first refused.
 */
function judge(
  refusals: readonly { at: number; key: string; asked: number }[],
  log: readonly AdmittedCall[],
  limitOf: (key: string) => number,
): { utilisationAtFirstRefusal: number; trueRefusals: number } {
  const spent = new Map<string, number>();
  let next = 0;
  let right = 0;
  const first = new Map<string, number>();
  for (const { at, key, asked } of refusals) {
    // Reports of the same moment may stand in either order.
    for (; next < log.length && log[next]!.at <= at + 1; next++) {
      for (const touched of log[next]!.keys)
        spent.set(touched, (spent.get(touched) ?? 0) + log[next]!.counts);
    }
    const taken = spent.get(key) ?? 0;
    if (limitOf(key) - taken < asked) right += 1;
    if (!first.has(key)) first.set(key, taken / limitOf(key));
  }
  return {
    utilisationAtFirstRefusal: first.get('org=') ?? Math.min(1, ...first.values()),
    trueRefusals: refusals.length === 0 ? 1 : right / refusals.length,
  };
}

interface RedisReader {
  keys(pattern: string): Promise<string[]>;
  hGetAll(key: string): Promise<Record<string, string>>;
}

async function keptInRedis(admin: RedisReader): Promise<number> {
  let kept = 0;
  for (const key of await admin.keys('farthing:*:account:*')) {
    const fields = await admin.hGetAll(key);
    for (const [name, value] of Object.entries(fields))
      if (name.startsWith('k:')) kept += Number(value);
  }
  return kept;
}
