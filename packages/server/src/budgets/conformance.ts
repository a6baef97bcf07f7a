import { type AccountReference, type Amounts, type BudgetLedger } from '@farthing/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

export interface OpenedLedger {
  ledger: BudgetLedger;
  close(): Promise<void>;
}

const usd = (nano: number): Amounts => ({
  usd: BigInt(nano) * 1_000n,
  tokens: BigInt(nano),
  calls: 1n,
});

let accounts = 0;

/** An account of its own for each test, so that one store serves all. */
function account(changes: Partial<AccountReference> = {}): AccountReference {
  accounts += 1;
  const limit = changes.limit ?? 100_000n;
  return {
    key: `account ${process.pid}.${accounts} | with \u001f odd: {signs}`,
    budget: 'test',
    measure: 'usd',
    window: { unit: 'day', rolling: false },
    limit,
    soft: limit,
    enforced: true,
    ...changes,
  };
}

/** The laws that every driver of the budget ledger keeps. `skip` says why a driver cannot run here. */
export function describeBudgetLedger(
  name: string,
  open: () => Promise<OpenedLedger>,
  skip = false,
): void {
  describe.skipIf(skip)(`budget ledger: ${name}`, () => {
    let opened: OpenedLedger;
    let calls = 0;
    beforeAll(async () => (opened = await open()));
    afterAll(async () => opened.close());

    const reserve = async (
      list: AccountReference[],
      nano: number,
      id = `call ${(calls += 1)}`,
    ) => ({
      id,
      result: await opened.ledger.reserve({
        id,
        accounts: list,
        amounts: usd(nano),
        at: Date.now(),
      }),
    });

    test('admits what fits, refuses what does not, and says what is left', async () => {
      const team = account();
      expect((await reserve([team], 60)).result.admitted).toBe(true);
      const { result } = await reserve([team], 41);
      expect(result).toMatchObject({ admitted: false, denials: [{ remaining: 40_000n }] });
      expect((await reserve([team], 40)).result.admitted).toBe(true);
    });

    test('counts money, tokens and calls', async () => {
      const tokens = account({ measure: 'tokens', limit: 100n });
      const once = account({ measure: 'calls', limit: 1n });
      expect((await reserve([tokens], 101)).result.admitted).toBe(false);
      expect((await reserve([tokens, once], 100)).result.admitted).toBe(true);
      expect((await reserve([once], 1)).result.admitted).toBe(false);
    });

    test('gives back what a call did not take', async () => {
      const team = account();
      const { id } = await reserve([team], 100);
      expect(await opened.ledger.settle(id, usd(30))).toBe('settled');
      expect((await reserve([team], 70)).result.admitted).toBe(true);
    });

    test('takes a reservation and a settlement once, however often they come', async () => {
      const team = account();
      const { id } = await reserve([team], 50);
      expect((await reserve([team], 50, id)).result).toMatchObject({ repeated: true });
      await opened.ledger.settle(id, usd(20));
      expect(await opened.ledger.settle(id, usd(20))).toBe('repeated');
      expect(await opened.ledger.settle('nobody', usd(20))).toBe('unknown');
      expect((await reserve([team], 81)).result.admitted).toBe(false);
      expect((await reserve([team], 80)).result.admitted).toBe(true);
    });

    test('holds in all levels or in none', async () => {
      const wide = account({ limit: 1_000_000n });
      const narrow = account({ limit: 10_000n });
      expect((await reserve([wide, narrow], 11)).result.admitted).toBe(false);
      expect((await reserve([wide], 1_000)).result.admitted).toBe(true);
    });

    test('counts in a rolling window, and for ever', async () => {
      for (const window of [
        { unit: 'hour', rolling: true },
        { unit: 'month', rolling: true },
        { unit: 'month', rolling: false },
        { unit: 'total', rolling: false },
      ] as const) {
        const team = account({ window });
        expect((await reserve([team], 70)).result.admitted).toBe(true);
        expect((await reserve([team], 40)).result.admitted).toBe(false);
      }
    });

    test('lets pass what it does not enforce', async () => {
      const watched = account({ enforced: false });
      for (let call = 0; call < 3; call++) {
        expect((await reserve([watched], 60)).result.admitted).toBe(true);
      }
    });

    test('never overspends, in whatever order calls come and end', async () => {
      const step = fc.record({
        end: fc.boolean(),
        level: fc.nat(2),
        amount: fc.integer({ min: 1, max: 40 }),
        share: fc.nat(100),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
          const levels = [200, 120, 60].map((limit) => account({ limit: BigInt(limit) * 1_000n }));
          const running: { id: string; level: number; amount: number }[] = [];
          const spent = [0, 0, 0];
          for (const { end, level, amount, share } of steps) {
            if (!end) {
              const { id, result } = await reserve(levels.slice(0, level + 1), amount);
              if (result.admitted) running.push({ id, level, amount });
            } else {
              const call = running.pop();
              if (call === undefined) continue;
              const taken = Math.floor((call.amount * share) / 100);
              await opened.ledger.settle(call.id, usd(taken));
              for (let above = 0; above <= call.level; above++) spent[above]! += taken;
            }
            [200, 120, 60].forEach((limit, above) => {
              const held = running
                .filter((call) => call.level >= above)
                .reduce((sum, call) => sum + call.amount, 0);
              expect(spent[above]! + held).toBeLessThanOrEqual(limit);
            });
          }
        }),
        { numRuns: 25 },
      );
    });
  });
}
