import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Amounts } from '../budget.js';
import type { AccountReference } from '../escrow.js';
import { LeasedLedger, type RecordedSpending } from './leased-ledger.js';
import { SharedBalances } from './memory-authority.js';

const noon = Date.parse('2026-11-20T12:00:00Z');
const today = Math.floor(noon / 86_400_000);
const usd = (amount: number | bigint): Amounts => ({ usd: BigInt(amount), tokens: 0n, calls: 1n });
const team: AccountReference = {
  key: 'team',
  budget: 'team',
  measure: 'usd',
  window: { unit: 'day', rolling: false },
  limit: 100_000n,
  soft: 100_000n,
  enforced: true,
};

/** Gateways with a journal each, of which every end of a call is a line. */
function site() {
  const clock = { now: noon };
  let shared = newAuthority();
  const journals = new Map<string, bigint>();
  let gateways = 0;
  let calls = 0;
  function newAuthority() {
    const now = () => clock.now;
    return new SharedBalances({ now, patienceMilliseconds: 3_000, expiry: 'hold' });
  }
  /** A gateway that starts now on a journal. `reads` are other journals that it can read. */
  const start = (journal: string, reads: readonly string[] = []) => {
    const base = journals.get(journal) ?? 0n;
    const state = { reading: false, base };
    const recorded = (): RecordedSpending[] | null =>
      state.reading
        ? null
        : [
            {
              part: today,
              own: state.base,
              others: reads.map((source) => ({ source, spent: journals.get(source) ?? 0n })),
            },
          ];
    const authority = shared.authority(`gateway ${(gateways += 1)}`, journal);
    const ledger = new LeasedLedger({
      authority,
      recorded,
      unavailable: () => ({ mode: 'closed' }),
      now: () => clock.now,
      sleep: () => Promise.resolve(),
      denialMilliseconds: 0,
    });
    const write = (amount: bigint) => journals.set(journal, (journals.get(journal) ?? 0n) + amount);
    const call = async (held: number, taken = held) => {
      const id = `call ${(calls += 1)}`;
      const { admitted } = await ledger.reserve({
        id,
        accounts: [team],
        amounts: usd(held),
        at: clock.now,
      });
      if (!admitted) return false;
      ledger.settle(id, usd(taken));
      write(BigInt(taken));
      return true;
    };
    /** The budget comes while calls are made: what the journal has by now is read a moment later. */
    const beginReading = () => {
      state.reading = true;
      const atBegin = journals.get(journal) ?? 0n;
      const finish = ledger.beginReading(() => true);
      return () => {
        state.base = atBegin;
        state.reading = false;
        finish();
      };
    };
    return { ledger, call, write, beginReading };
  };
  return {
    clock,
    journals,
    start,
    total: () => shared.total('team', today),
    loseMemory: () => (shared = newAuthority()),
  };
}

describe('what journals hold counts', () => {
  test('from the first call on, where the authority knows nothing', async () => {
    const { journals, start, total } = site();
    journals.set('a', 600n);
    await start('a').call(100);
    expect(total().spent + total().kept).toBeGreaterThanOrEqual(700n);
  });

  test('once, when a gateway starts anew', async () => {
    const { start, total } = site();
    const first = start('a');
    await first.call(100);
    await first.ledger.close();
    const second = start('a');
    await second.call(10);
    await second.ledger.close();
    expect(total()).toEqual({ spent: 110n, kept: 0n });
  });

  test('and a gateway that starts anew has the lease of the one that was killed back at once', async () => {
    const { start, total } = site();
    await start('a').call(100);
    expect(total().kept).toBeGreaterThan(0n);
    const second = start('a');
    await second.call(10);
    await second.ledger.close();
    expect(total()).toEqual({ spent: 110n, kept: 0n });
  });

  test('of a journal that nobody writes, once, though all its neighbours read it', async () => {
    const { journals, start, total } = site();
    journals.set('apps', 500n);
    for (const name of ['a', 'b', 'c']) {
      const gateway = start(name, ['apps']);
      await gateway.call(10);
      await gateway.ledger.close();
    }
    expect(total()).toEqual({ spent: 530n, kept: 0n });
  });

  test('of a neighbour that is running, once, whether it states it or is read', async () => {
    const { start, total } = site();
    const a = start('a');
    await a.call(100);
    const b = start('b', ['a']);
    await b.call(10);
    await a.call(7);
    await a.ledger.close();
    await b.ledger.close();
    expect(total()).toEqual({ spent: 117n, kept: 0n });
  });

  test('less than the counter where its retention has taken lines away: the counter holds', async () => {
    const { journals, start, total } = site();
    const first = start('a');
    await first.call(900);
    await first.ledger.close();
    journals.set('a', 100n);
    const second = start('a');
    await second.call(10);
    await second.ledger.maintain();
    await second.ledger.close();
    expect(total().spent).toBe(910n);
  });
});

test('a rolling window has all its parts back after the authority has lost its memory', async () => {
  const clock = { now: noon };
  const now = () => clock.now;
  const shared = new SharedBalances({ now, patienceMilliseconds: 3_000, expiry: 'hold' });
  const hour: AccountReference = { ...team, window: { unit: 'hour', rolling: true }, limit: 100n };
  const minute = Math.floor(noon / 60_000);
  const ledger = new LeasedLedger({
    authority: shared.authority('one'),
    recorded: () =>
      [minute - 50, minute - 10, minute].map((part) => ({ part, own: 30n, others: [] })),
    unavailable: () => ({ mode: 'closed' }),
    now,
    sleep: () => Promise.resolve(),
  });
  const reserve = (id: string, amount: number) =>
    ledger.reserve({ id, accounts: [hour], amounts: usd(amount), at: noon });
  expect(await reserve('more than is left', 11)).toMatchObject({ admitted: false });
  clock.now += 200;
  expect(await reserve('what is left', 10)).toMatchObject({ admitted: true });
});

test('whatever is started, killed, read anew and lost, each journal counts once, and wholly', async () => {
  const step = fc.record({
    act: fc.constantFrom(
      ...(['call', 'call', 'call', 'restart', 'kill', 'maintain', 'set', 'read', 'lose'] as const),
    ),
    which: fc.nat(2),
    amount: fc.integer({ min: 1, max: 90 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { start, total, journals, clock, loseMemory } = site();
      const names = ['a', 'b', 'c'];
      const others = (name: string) => names.filter((one) => one !== name);
      const gateways = names.map((name) => start(name, others(name)));
      const finishing = new Map<number, () => void>();
      const finish = (which: number) => {
        finishing.get(which)?.();
        finishing.delete(which);
      };
      for (const { act, which, amount } of steps) {
        const name = names[which]!;
        const gateway = gateways[which]!;
        if (act === 'call') await gateway.call(amount, amount - (amount % 3));
        else if (act === 'maintain') await gateway.ledger.maintain();
        else if (act === 'set') {
          finish(which);
          finishing.set(which, gateway.beginReading());
        } else if (act === 'read') finish(which);
        else if (act === 'lose') {
          // Gateways of a lost authority find their way to the new one by starting anew, here.
          loseMemory();
          finishing.clear();
          names.forEach((one, index) => (gateways[index] = start(one, others(one))));
        } else {
          if (act === 'restart') {
            finish(which);
            await gateway.ledger.close();
          }
          finishing.delete(which);
          gateways[which] = start(name, others(name));
        }
      }
      for (const which of finishing.keys()) finishing.get(which)!();
      for (const gateway of gateways) {
        await gateway.call(1);
        await gateway.ledger.close();
      }
      clock.now += 10_000;
      const sum = [...journals.values()].reduce((a, b) => a + b, 0n);
      expect(total()).toEqual({ spent: sum, kept: 0n });
    }),
    { numRuns: 200 },
  );
});
