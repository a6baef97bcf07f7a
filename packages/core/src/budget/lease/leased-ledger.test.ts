import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Amounts, UnavailablePolicy } from '../budget.js';
import type { AccountReference } from '../escrow.js';
import type { LeaseAuthority } from './lease-authority.js';
import { LeasedLedger } from './leased-ledger.js';
import { SharedBalances } from './memory-authority.js';

const noon = Date.parse('2026-11-20T12:00:00Z');
const usd = (amount: number): Amounts => ({ usd: BigInt(amount), tokens: 0n, calls: 1n });

function account(changes: Partial<AccountReference> = {}): AccountReference {
  return {
    key: 'team',
    budget: 'team',
    measure: 'usd',
    window: { unit: 'day', rolling: false },
    limit: 1_000n,
    soft: 800n,
    enforced: true,
    ...changes,
  };
}

/** Several gateways on one authority, and a clock that stands until it is moved. */
function site(gateways: number, policy: UnavailablePolicy = { mode: 'closed' }) {
  const clock = { now: noon };
  const shared = new SharedBalances({
    now: () => clock.now,
    patienceMilliseconds: 3_000,
    expiry: 'hold',
  });
  const network = { down: false, exchanges: 0 };
  const ledgers = Array.from({ length: gateways }, (_, index) => {
    const authority = shared.authority(`g${index}`);
    const watched: LeaseAuthority = {
      ...authority,
      exchange: async (requests) => {
        network.exchanges += 1;
        if (network.down) throw new Error('unreachable');
        return authority.exchange(requests);
      },
    };
    return new LeasedLedger({
      authority: watched,
      unavailable: () => policy,
      now: () => clock.now,
      sleep: () => Promise.resolve(),
    });
  });
  let ids = 0;
  const call = async (gateway: number, amount: number, accounts = [account()]) => {
    const id = `call-${(ids += 1)}`;
    const result = await ledgers[gateway]!.reserve({
      id,
      accounts,
      amounts: usd(amount),
      at: clock.now,
    });
    return { id, ...result };
  };
  return { clock, shared, network, ledgers, call };
}

const today = Math.floor(noon / 86_400_000);

describe('a gateway with a lease', () => {
  test('asks once and then admits on its own', async () => {
    const { call, network } = site(1);
    await call(0, 10);
    expect(network.exchanges).toBe(1);
    for (let index = 0; index < 40; index++) expect((await call(0, 10)).admitted).toBe(true);
    expect(network.exchanges).toBe(1);
  });

  test('answers at once when the lease suffices, without a promise', async () => {
    const { call, ledgers } = site(1);
    await call(0, 10);
    const result = ledgers[0]!.reserve({
      id: 'x',
      accounts: [account()],
      amounts: usd(10),
      at: noon,
    });
    expect(result).toMatchObject({ admitted: true });
  });

  test('spends the budget to its end, together with the others, and not beyond', async () => {
    const { call, ledgers } = site(4);
    let spent = 0;
    for (let round = 0; round < 600; round++) {
      const gateway = round % 4;
      const { admitted, id } = await call(gateway, 3);
      if (!admitted) continue;
      ledgers[gateway]!.settle(id, usd(2));
      spent += 2;
    }
    expect(spent).toBeLessThanOrEqual(1_000);
    expect(spent).toBeGreaterThanOrEqual(996);
  });

  test('gets back what another keeps and does not need', async () => {
    const { call } = site(2);
    await call(0, 10);
    expect((await call(1, 990)).admitted).toBe(true);
  });

  test('does not ask again and again for what is not there', async () => {
    const { call, network, clock } = site(1);
    await call(0, 1_000);
    expect((await call(0, 10)).admitted).toBe(false);
    const { exchanges } = network;
    for (let index = 0; index < 50; index++) expect((await call(0, 10)).admitted).toBe(false);
    expect(network.exchanges).toBe(exchanges);
    clock.now += 200;
    await call(0, 10);
    expect(network.exchanges).toBeGreaterThan(exchanges);
  });

  test('hands everything back when it ends', async () => {
    const { call, ledgers, shared } = site(2);
    const { id } = await call(0, 10);
    ledgers[0]!.settle(id, usd(4));
    await ledgers[0]!.close();
    expect(shared.total('team', today)).toEqual({ spent: 4n, kept: 0n });
  });

  test('hands back what it has not used for a while', async () => {
    const { call, ledgers, shared } = site(1);
    const { id } = await call(0, 10);
    ledgers[0]!.settle(id, usd(10));
    await ledgers[0]!.maintain();
    await ledgers[0]!.maintain();
    expect(shared.total('team', today)).toEqual({ spent: 10n, kept: 0n });
  });
});

describe('a gateway that dies', () => {
  test('has what it kept booked as spent; coming back, it puts that right', async () => {
    const { call, ledgers, shared, clock } = site(2);
    const { id } = await call(0, 10);
    const { kept } = shared.total('team', today);
    clock.now += 3_000;
    await call(1, 1);
    expect(shared.total('team', today).spent).toBe(kept);
    ledgers[0]!.settle(id, usd(7));
    await ledgers[0]!.close();
    expect(shared.total('team', today).spent).toBe(7n);
  });
});

describe('while the authority cannot be reached', () => {
  test('the lease is spent, and then a closed budget refuses', async () => {
    const { call, network, clock } = site(1);
    await call(0, 100);
    network.down = true;
    let admitted = 0;
    for (let index = 0; index < 20; index++) {
      clock.now += 300;
      if ((await call(0, 100)).admitted) admitted += 1;
    }
    expect(admitted).toBe(4);
  });

  test('an allowance is spent beyond that, on each gateway', async () => {
    const { call, network } = site(2, { mode: 'allowance', amounts: { usd: 50n } });
    network.down = true;
    const results = [];
    for (const gateway of [0, 0, 0, 1, 1, 1]) results.push((await call(gateway, 25)).admitted);
    expect(results).toEqual([true, true, false, true, true, false]);
  });

  test('an open budget admits, and all of it is reported later', async () => {
    const { call, ledgers, network, clock, shared } = site(1, { mode: 'open' });
    network.down = true;
    for (let index = 0; index < 30; index++) {
      const { id } = await call(0, 50);
      ledgers[0]!.settle(id, usd(50));
    }
    network.down = false;
    clock.now += 300;
    await ledgers[0]!.maintain();
    expect(shared.total('team', today).spent).toBe(1_500n);
    expect((await call(0, 1)).admitted).toBe(false);
  });
});

test('a limit that was raised holds from the next call on', async () => {
  const { call, clock } = site(1);
  await call(0, 1_000);
  expect((await call(0, 10)).admitted).toBe(false);
  clock.now += 200;
  expect((await call(0, 10, [account({ limit: 2_000n })])).admitted).toBe(true);
});

test('whatever gateways do, lose and repeat, the limit holds on every level', async () => {
  const step = fc.record({
    gateway: fc.nat(2),
    act: fc.constantFrom(
      'call',
      'call',
      'call',
      'settle',
      'settle',
      'maintain',
      'pass',
      'fail',
      'heal',
    ),
    amount: fc.integer({ min: 1, max: 60 }),
    share: fc.nat(100),
    deep: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
      const { call, ledgers, clock, network } = site(3);
      const wide = account({ key: 'wide', limit: 400n, soft: 400n });
      const deep = account({ key: 'deep', limit: 150n, soft: 150n });
      const running: { gateway: number; id: string; amount: number; deep: boolean }[] = [];
      const spent = { wide: 0, deep: 0 };
      for (const { gateway, act, amount, share, deep: isDeep } of steps) {
        if (act === 'call') {
          const { admitted, id } = await call(gateway, amount, isDeep ? [wide, deep] : [wide]);
          if (admitted) running.push({ gateway, id, amount, deep: isDeep });
        } else if (act === 'settle') {
          const done = running.shift();
          if (done === undefined) continue;
          const taken = Math.floor((done.amount * share) / 100);
          ledgers[done.gateway]!.settle(done.id, usd(taken));
          ledgers[done.gateway]!.settle(done.id, usd(taken));
          spent.wide += taken;
          if (done.deep) spent.deep += taken;
        } else if (act === 'maintain') await ledgers[gateway]!.maintain();
        else if (act === 'pass') clock.now += amount * 100;
        else network.down = act === 'fail';
        const held = (onlyDeep: boolean) =>
          running
            .filter((call) => call.deep || !onlyDeep)
            .reduce((sum, call) => sum + call.amount, 0);
        expect(spent.wide + held(false)).toBeLessThanOrEqual(400);
        expect(spent.deep + held(true)).toBeLessThanOrEqual(150);
      }
    }),
    { numRuns: 150 },
  );
});
