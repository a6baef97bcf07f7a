import { setTimeout as sleep } from 'node:timers/promises';
import {
  LeasedLedger,
  type AccountReference,
  type Amounts,
} from '../../packages/core/src/index.js';
import { openRedisAuthority } from '../../packages/redis/src/redis-authority.js';
import { randomFrom } from './random.js';
import { levels, type StressOrder, type StressResult } from './stress-plan.js';

/** One gateway of the stress: many callers on six levels, some of whom never come back. */
const order = JSON.parse(process.argv[2]!) as StressOrder;
const random = randomFrom(order.worker + 1);
const authority = openRedisAuthority({
  url: order.url,
  patienceMilliseconds: 1_500,
  timeoutMilliseconds: 1_000,
});
const ledger = new LeasedLedger({
  authority,
  unavailable: () => ({ mode: 'closed' }),
  now: Date.now,
  sleep,
  holdMilliseconds: order.holdMilliseconds,
});
const result: StressResult = {
  log: [],
  admitted: 0,
  refused: 0,
  unavailable: 0,
  lost: 0,
  repeated: 0,
  microseconds: [],
  refusals: [],
};
const state = { running: true };
let calls = 0;
const maintaining = setInterval(() => void ledger.maintain(), 400);
const started = new Promise<void>((resolve) => {
  process.on('message', (message) => {
    if (message === 'go') resolve();
    if (message === 'stop') state.running = false;
  });
});

function accountsOf(): AccountReference[] {
  const pick = (most: number) => Math.floor(random() * most);
  const values = [
    '',
    `${pick(2)}`,
    `${pick(3)}`,
    `${pick(4)}`,
    `${pick(20)}`,
    `${order.worker}.${pick(8)}`,
  ];
  return levels.map(({ name, limit }, level) => ({
    key: `${name}=${values[level]}`,
    budget: name,
    measure: 'usd',
    window: { unit: 'total', rolling: false },
    limit: BigInt(limit) * 1_000n,
    soft: BigInt(limit) * 1_000n,
    enforced: true,
  }));
}

const usd = (nano: number): Amounts => ({ usd: BigInt(nano) * 1_000n, tokens: 0n, calls: 1n });

async function connected(): Promise<void> {
  for (;;) {
    try {
      await authority.exchange([]);
      return;
    } catch {
      await sleep(50);
    }
  }
}

async function caller(): Promise<void> {
  while (state.running) {
    const accounts = accountsOf();
    // `max_tokens` is clamped to the hold: no call takes more than it reserved.
    const held = 2_000_000 + Math.floor(random() * 8_000_000);
    const takes = Math.floor(held * (0.7 + 0.3 * random()));
    const id = `${order.worker}.${(calls += 1)}`;
    const begun = performance.now();
    const answer = await ledger.reserve({ id, accounts, amounts: usd(held), at: Date.now() });
    result.microseconds.push((performance.now() - begun) * 1_000);
    if (!answer.admitted) {
      if (answer.unavailable === true) result.unavailable += 1;
      else {
        result.refused += 1;
        const [denial] = answer.denials;
        result.refusals.push({ at: Date.now(), key: denial!.account.key, asked: held });
      }
      await sleep(60 + 80 * random());
      continue;
    }
    result.admitted += 1;
    const isLost = random() < 0.05;
    const keys = accounts.map(({ key }) => key);
    // What a call took of which nobody hears again is unknown: it counts as what it held.
    result.log.push({ at: Date.now(), keys, takes, counts: isLost ? held : takes });
    await sleep(50 + 100 * random());
    if (isLost) {
      result.lost += 1;
      continue;
    }
    ledger.settle(id, usd(takes));
    if (random() < 0.02) {
      result.repeated += 1;
      ledger.settle(id, usd(takes));
    }
  }
}

await connected();
process.send?.('ready');
await started;
await Promise.all(Array.from({ length: order.callers }, caller));
// Holds of lost calls expire, and the rest goes back.
await sleep(order.holdMilliseconds);
await ledger.maintain();
await ledger.close();
clearInterval(maintaining);
await authority.close();
process.send?.({ result, liveHolds: ledger.liveHolds }, () => process.exit(0));
