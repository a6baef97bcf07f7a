import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  emptyTokens,
  entryEvent,
  entrySchema,
  type Entry,
  type Tags,
} from '../../packages/core/dist/index.js';
import { defaultPriceBook } from '../../packages/core/dist/pricing/snapshot/index.js';
import {
  openAdmissions,
  type OpenedAdmissions,
} from '../../packages/server/dist/budgets/open-admissions.js';
import { hasRedis, RedisServer } from '../../packages/redis/src/redis-server.fixture.js';
import { configSchema } from '../../packages/server/dist/config/index.js';
import { randomFrom } from './random.js';

export interface MicroFigures {
  /** Median, over blocks of calls, of the CPU time by call for estimate, reservation and settlement. */
  estimateOnly: number;
  memory: number;
  /** Null without a redis-server. */
  redis: number | null;
}

/** Levels that a call of an organisation is of, with limits that are never reached. */
const levels = [
  { name: 'org', limit: { usd: 1e6, tokens: 1e12 }, window: 'month' },
  { name: 'tenant', scope: { tenant: '*' }, limit: 1e6, window: 'month' },
  { name: 'feature', scope: { feature: '*' }, limit: 1e6, window: 'day' },
  { name: 'user', scope: { user: '*' }, limit: 1e5, window: 'rolling day' },
];

/**
 * Microseconds of CPU for each call: what the hot path pays for estimates and budgets. Measured on what
 * is built (npm run build): running the sources directly names every closure anew, at a third more.
 */
export async function measureCalls(blocks = 15, callsOfBlock = 10_000): Promise<MicroFigures> {
  const redis = hasRedis ? await RedisServer.start() : null;
  try {
    return {
      estimateOnly: await measure({}, blocks, callsOfBlock),
      memory: await measure({ budgets: levels }, blocks, callsOfBlock),
      redis:
        redis === null
          ? null
          : await measure({ budgets: levels, redis: { url: redis.url } }, blocks, callsOfBlock),
    };
  } finally {
    await redis?.stop();
  }
}

async function measure(settings: object, blocks: number, callsOfBlock: number): Promise<number> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'farthing-micro-'));
  const book = defaultPriceBook();
  const admissions = await openAdmissions({
    dataDirectory,
    config: configSchema.parse({ data: dataDirectory, ...settings }),
    tokenPrices: (question) => book.tokenPrices(question),
    journal: { name: 'gateway', backlog: 0 },
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
  // Without a connection to Redis budgets are closed.
  while (!(await oneCall(admissions, 0, Math.random))) await sleep(20);
  const random = randomFrom(7);
  const figures: number[] = [];
  let calls = 0;
  for (let block = 0; block < blocks; block++) {
    const before = process.cpuUsage();
    for (let index = 0; index < callsOfBlock; index++) {
      if (!(await oneCall(admissions, (calls += 1), random))) {
        throw new Error('no call of the bench is to be refused');
      }
      // As under load: other work gets its turn now and then.
      if (index % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const { user, system } = process.cpuUsage(before);
    figures.push((user + system) / callsOfBlock);
  }
  await admissions.close();
  rmSync(dataDirectory, { recursive: true, force: true });
  // The first blocks warm up.
  const warm = figures.slice(Math.floor(blocks / 3)).sort((left, right) => left - right);
  return warm[Math.floor(warm.length / 2)]!;
}

async function oneCall(
  admissions: OpenedAdmissions,
  number: number,
  random: () => number,
): Promise<boolean> {
  const tags: Tags = {
    tenant: `t${number % 5}`,
    feature: `f${number % 20}`,
    user: `u_${number % 1_000}`,
  };
  const at = Date.now();
  const call = {
    id: `call-${number}-${random()}`,
    at,
    tags,
    shape: {
      provider: 'openai',
      model: 'gpt-5-mini',
      tags,
      at,
      textBytes: 2_048,
      fileTokens: 0,
      maxOutput: 1_000,
      caching: '5m' as const,
      hasOutput: true,
    },
  };
  const answer = admissions.admit(call);
  const admission = answer instanceof Promise ? await answer : answer;
  if (admission.outcome !== 'admitted') return false;
  admissions.ended(entry(call.id, at, tags, 50 + Math.floor(random() * 400)), call, admission);
  return true;
}

function entry(id: string, at: number, tags: Tags, output: number): Entry {
  const time = new Date(at).toISOString();
  return {
    schema: entrySchema,
    event: entryEvent,
    id,
    kind: 'call',
    source: 'gateway',
    started_at: time,
    ended_at: time,
    duration_ms: 1,
    provider: 'openai',
    api: 'chat.completions',
    stream: false,
    model_requested: 'gpt-5-mini',
    model: 'gpt-5-mini',
    outcome: 'ok',
    http_status: 200,
    attempt: 1,
    usage: {
      tokens: { ...emptyTokens(), input_uncached: 500, output },
      details: {},
      units: {},
      modifiers: {},
      estimated: false,
      raw: null,
      notes: [],
    },
    cost: { usd: '0.001', status: 'priced', charges: [] },
    tags,
  };
}
