import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Amounts } from './budget.js';
import type { BudgetWindow } from './budget-window.js';
import { Escrow, type AccountReference } from './escrow.js';

const day: BudgetWindow = { unit: 'day', rolling: false };
const noon = Date.parse('2026-11-20T12:00:00Z');
const usd = (amount: number): Amounts => ({ usd: BigInt(amount), tokens: 0n, calls: 1n });

function account(changes: Partial<AccountReference> = {}): AccountReference {
  return {
    key: 'feature=search',
    budget: 'search',
    measure: 'usd',
    window: day,
    limit: 100n,
    soft: 80n,
    enforced: true,
    ...changes,
  };
}

describe('an account', () => {
  test('admits what fits beside what is spent and held, and nothing more', () => {
    const escrow = new Escrow();
    const accounts = [account()];
    expect(escrow.reserve({ id: '1', accounts, amounts: usd(60), at: noon }).admitted).toBe(true);
    const refused = escrow.reserve({ id: '2', accounts, amounts: usd(41), at: noon });
    expect(refused).toMatchObject({ admitted: false, denials: [{ used: 60n, remaining: 40n }] });
    expect(escrow.reserve({ id: '3', accounts, amounts: usd(40), at: noon }).admitted).toBe(true);
  });

  test('gives back what a call did not take', () => {
    const escrow = new Escrow();
    const accounts = [account()];
    escrow.reserve({ id: '1', accounts, amounts: usd(100), at: noon });
    expect(escrow.settle('1', usd(10))).toBe('settled');
    expect(escrow.balance(accounts[0]!, noon)).toEqual({ committed: 10n, reserved: 0n });
    expect(escrow.reserve({ id: '2', accounts, amounts: usd(90), at: noon }).admitted).toBe(true);
  });

  test('takes a reservation and a settlement once, however often they come', () => {
    const escrow = new Escrow();
    const accounts = [account()];
    escrow.reserve({ id: '1', accounts, amounts: usd(50), at: noon });
    expect(escrow.reserve({ id: '1', accounts, amounts: usd(50), at: noon })).toMatchObject({
      admitted: true,
      repeated: true,
    });
    escrow.settle('1', usd(20));
    expect(escrow.settle('1', usd(20))).toBe('repeated');
    expect(escrow.settle('never', usd(20))).toBe('unknown');
    expect(escrow.balance(accounts[0]!, noon)).toEqual({ committed: 20n, reserved: 0n });
  });

  test('is held in all levels or in none', () => {
    const escrow = new Escrow();
    const wide = account({ key: 'all', limit: 1_000n, soft: 1_000n });
    const narrow = account({ limit: 10n, soft: 10n });
    const result = escrow.reserve({
      id: '1',
      accounts: [wide, narrow],
      amounts: usd(11),
      at: noon,
    });
    expect(result).toMatchObject({ admitted: false, denials: [{ account: { key: narrow.key } }] });
    expect(escrow.balance(wide, noon)).toEqual({ committed: 0n, reserved: 0n });
  });

  test('warns once at the soft threshold of a window, and at every call where it does not enforce', () => {
    const escrow = new Escrow();
    const watched = account({ enforced: false });
    const levels = [70, 15, 5, 20, 20].map((amount, index) => {
      const result = escrow.reserve({
        id: `${index}`,
        accounts: [watched],
        amounts: usd(amount),
        at: noon,
      });
      return result.admitted ? result.warnings.map(({ level }) => level) : ['refused'];
    });
    expect(levels).toEqual([[], ['soft'], [], ['over'], ['over']]);
  });

  test('begins anew with the window; a call counts where it was admitted', () => {
    const escrow = new Escrow();
    const accounts = [account()];
    const lateEvening = Date.parse('2026-11-20T23:59:59Z');
    const nextDay = Date.parse('2026-11-21T00:00:01Z');
    escrow.reserve({ id: '1', accounts, amounts: usd(100), at: lateEvening });
    expect(escrow.reserve({ id: '2', accounts, amounts: usd(100), at: nextDay }).admitted).toBe(
      true,
    );
    escrow.settle('1', usd(30));
    expect(escrow.balance(accounts[0]!, nextDay)).toEqual({ committed: 0n, reserved: 100n });
  });

  test('of a rolling window forgets what is older than the window', () => {
    const escrow = new Escrow();
    const accounts = [account({ window: { unit: 'hour', rolling: true } })];
    escrow.reserve({ id: '1', accounts, amounts: usd(100), at: noon });
    escrow.settle('1', usd(100));
    const minute = 60_000;
    const later = (minutes: number) =>
      escrow.reserve({ id: `${minutes}`, accounts, amounts: usd(1), at: noon + minutes * minute });
    expect(later(59).admitted).toBe(false);
    expect(later(60).admitted).toBe(false);
    expect(later(62).admitted).toBe(true);
  });
});

describe('a hold whose call is lost', () => {
  const accounts = [account()];

  test('counts as spent when it expires, and a late settlement corrects it', () => {
    const escrow = new Escrow({ holdMilliseconds: 1_000 });
    escrow.reserve({ id: '1', accounts, amounts: usd(70), at: noon });
    expect(escrow.expire(noon + 999)).toBe(0);
    expect(escrow.expire(noon + 1_000)).toBe(1);
    expect(escrow.balance(accounts[0]!, noon)).toEqual({ committed: 70n, reserved: 0n });
    expect(escrow.settle('1', usd(25))).toBe('settled');
    expect(escrow.balance(accounts[0]!, noon)).toEqual({ committed: 25n, reserved: 0n });
  });

  test('is given back where that is the policy; a late settlement is booked', () => {
    const escrow = new Escrow({ holdMilliseconds: 1_000, expiry: 'refund' });
    escrow.reserve({ id: '1', accounts, amounts: usd(70), at: noon });
    escrow.expire(noon + 1_000);
    expect(escrow.balance(accounts[0]!, noon)).toEqual({ committed: 0n, reserved: 0n });
    escrow.settle('1', usd(25));
    expect(escrow.balance(accounts[0]!, noon)).toEqual({ committed: 25n, reserved: 0n });
  });
});

test('memory stays bounded by what is in use', () => {
  const escrow = new Escrow({ holdMilliseconds: 1_000, settledIds: 10 });
  for (let user = 0; user < 1_000; user++) {
    const accounts = [account({ key: `user=${user}` })];
    escrow.reserve({ id: `${user}`, accounts, amounts: usd(1), at: noon });
    if (user % 2 === 0) escrow.settle(`${user}`, usd(1));
  }
  expect(escrow.liveHolds).toBe(500);
  escrow.expire(noon + 10_000);
  expect(escrow.liveHolds).toBe(0);
  escrow.prune(noon + 2 * 86_400_000);
  expect(escrow.balance(account({ key: 'user=1' }), noon)).toEqual({ committed: 0n, reserved: 0n });
});

test('random traffic over six levels never overspends where calls take no more than they reserve', () => {
  const step = fc.record({
    call: fc.nat(30),
    level: fc.nat(5),
    act: fc.constantFrom('reserve', 'settle', 'settle', 'expire'),
    amount: fc.integer({ min: 1, max: 40 }),
    share: fc.nat(100),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const escrow = new Escrow({ holdMilliseconds: 5_000 });
      const levels = [300, 200, 150, 100, 80, 60].map((limit, index) =>
        account({ key: `level-${index}`, limit: BigInt(limit), soft: BigInt(limit) }),
      );
      const spent = levels.map(() => 0n);
      const running = new Map<string, { level: number; amount: number }>();
      steps.forEach(({ call, level, act, amount, share }, index) => {
        const at = noon + index * 100;
        const id = `call-${call}`;
        if (act === 'expire') escrow.expire(at);
        else if (act === 'reserve') {
          const accounts = levels.slice(0, level + 1);
          const result = escrow.reserve({ id, accounts, amounts: usd(amount), at });
          if (result.admitted && !result.repeated) running.set(id, { level, amount });
        } else if (running.has(id)) {
          const { level: deepest, amount: held } = running.get(id)!;
          const taken = BigInt(Math.floor((held * share) / 100));
          if (escrow.settle(id, { usd: taken, tokens: 0n, calls: 1n }) !== 'settled') return;
          running.delete(id);
          for (let above = 0; above <= deepest; above++) spent[above]! += taken;
        }
        levels.forEach((reference, above) => {
          const { committed, reserved } = escrow.balance(reference, at);
          expect(spent[above]! <= reference.limit).toBe(true);
          expect(committed + reserved <= reference.limit).toBe(true);
          expect(reserved >= 0n && committed >= 0n).toBe(true);
        });
      });
    }),
  );
});

test('what was spent before can be booked in its own time, in any order', () => {
  const escrow = new Escrow();
  const team = {
    key: 'team',
    budget: 'team',
    measure: 'usd' as const,
    window: { unit: 'day', rolling: true } as const,
    limit: 100n,
    soft: 100n,
    enforced: true,
  };
  const now = Date.parse('2026-11-20T12:00:00Z');
  escrow.restore(team, 30n, now);
  escrow.restore(team, 20n, now - 3_600_000);
  escrow.restore(team, 40n, now - 30 * 3_600_000);
  expect(escrow.balance(team, now).committed).toBe(50n);
  const [state] = escrow.accounts();
  expect(state!.parts.reduce((sum, { committed }) => sum + committed, 0n)).toBe(90n);
});

test('a balance is what stands in the parts that count, however the clock moves', () => {
  const step = fc.record({
    /** Parts of an hour's sixtieth, also backwards. */
    minutes: fc.integer({ min: -90, max: 90 }),
    act: fc.constantFrom('reserve', 'settle', 'restore', 'expire'),
    call: fc.nat(12),
    amount: fc.integer({ min: 1, max: 9 }),
  });
  const window: BudgetWindow = { unit: 'hour', rolling: true };
  const reference = account({ window, limit: 1_000_000n, soft: 1_000_000n });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const escrow = new Escrow({ holdMilliseconds: 7_200_000 });
      let at = noon;
      for (const { minutes, act, call, amount } of steps) {
        at += minutes * 60_000;
        const id = `call-${call}`;
        if (act === 'expire') escrow.expire(at);
        else if (act === 'settle') escrow.settle(id, usd(amount));
        else if (act === 'restore') escrow.restore(reference, BigInt(amount), at);
        else escrow.reserve({ id, accounts: [reference], amounts: usd(amount), at });
        const first = Math.floor(at / 60_000) - 60;
        const counted = [...escrow.accounts()].flatMap(({ parts }) =>
          parts.filter(({ part }) => part >= first),
        );
        const sum = (of: 'committed' | 'reserved') =>
          counted.reduce((all, one) => all + one[of], 0n);
        expect(escrow.balance(reference, at)).toEqual({
          committed: sum('committed'),
          reserved: sum('reserved'),
        });
      }
    }),
  );
});
