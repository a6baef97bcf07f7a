import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Escrow, type AccountReference } from './escrow.js';
import { chooseHold, type Demand } from './hold.js';

const usd = (amount: number) => BigInt(Math.round(amount * 1e12));

/** Long context, short answers: $0.09 of input, about $0.01 of output, and max_tokens for $1.16. */
const longContext: Demand = {
  inputTokens: 30_000,
  inputCost: usd(0.09),
  outputPrice: usd(0.000015),
  likelyOutput: 1_500,
  mostOutput: 77_000,
  mayClamp: true,
};

describe('a hold', () => {
  test('is the most that a call can take where the budget is large', () => {
    const hold = chooseHold('clamp', longContext, { usd: usd(1_000), tokens: null }, 16);
    expect(hold).toEqual({ usd: usd(0.09 + 77_000 * 0.000015), tokens: 107_000n });
  });

  test('shrinks to what the call likely needs where the limit is near, and clamps it to that', () => {
    const hold = chooseHold('clamp', longContext, { usd: usd(5), tokens: null }, 16);
    expect(hold).toEqual({ usd: usd(0.09 + 1_500 * 0.000015), tokens: 31_500n, maxOutput: 1_500 });
  });

  test('takes the rest where not even that is left, and never less than an answer worth having', () => {
    expect(chooseHold('clamp', longContext, { usd: usd(0.0945), tokens: null }, 16).maxOutput).toBe(
      300,
    );
    const tooLittle = chooseHold('clamp', longContext, { usd: usd(0.0901), tokens: null }, 16);
    expect(tooLittle.maxOutput).toBe(16);
    expect(tooLittle.usd > usd(0.0901)).toBe(true);
  });

  test('of a call of which nothing is known is long enough where the limit is near, not all it could take', () => {
    const unknown = {
      ...longContext,
      likelyOutput: 32_768,
      mostOutput: 32_768,
      enoughOutput: 4_096,
    };
    const near = { usd: usd(5), tokens: null };
    expect(chooseHold('clamp', unknown, near, 16).maxOutput).toBe(4_096);
    expect(
      chooseHold('clamp', unknown, { usd: usd(1_000), tokens: null }, 16).maxOutput,
    ).toBeUndefined();
    // Nothing limits the answer under these: they hold all that it could take.
    for (const policy of ['bound', 'expected'] as const) {
      expect(chooseHold(policy, unknown, near, 16).tokens).toBe(62_768n);
    }
  });

  test('respects limits in tokens as well', () => {
    const hold = chooseHold('clamp', longContext, { usd: null, tokens: 31_000n }, 16);
    expect(hold).toMatchObject({ tokens: 31_000n, maxOutput: 1_000 });
  });

  test('leaves the request alone under the policies that do not clamp', () => {
    const near = { usd: usd(5), tokens: null };
    expect(chooseHold('bound', longContext, near, 16)).toEqual({
      usd: usd(1.245),
      tokens: 107_000n,
    });
    expect(chooseHold('expected', longContext, near, 16)).toEqual({
      usd: usd(0.1125),
      tokens: 31_500n,
    });
    expect(
      chooseHold('clamp', { ...longContext, mayClamp: false }, near, 16).maxOutput,
    ).toBeUndefined();
  });

  test('never exceeds what the call is then held to', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: usd(50) }),
        fc.nat(100_000),
        fc.nat(100_000),
        (left, likely, most) => {
          const demand = { ...longContext, likelyOutput: likely, mostOutput: most };
          const hold = chooseHold('clamp', demand, { usd: left, tokens: null }, 16);
          const output = hold.maxOutput ?? most;
          expect(output).toBeLessThanOrEqual(most);
          expect(hold.usd).toBe(demand.inputCost + BigInt(output) * demand.outputPrice);
        },
      ),
    );
  });
});

test('a $25 budget admits 200 calls at once that take $0.10 and could take $1.25, and is never overspent', () => {
  const account: AccountReference = {
    key: 'team',
    budget: 'team',
    measure: 'usd',
    window: { unit: 'day', rolling: false },
    limit: usd(25),
    soft: usd(20),
    enforced: true,
  };
  const escrow = new Escrow();
  const affordable = 200;
  let admitted = 0;
  for (let call = 0; call < affordable; call++) {
    const { committed, reserved } = escrow.balance(account, 0);
    const left = account.limit - committed - reserved;
    const hold = chooseHold('clamp', longContext, { usd: left, tokens: null }, 16);
    const amounts = { usd: hold.usd, tokens: hold.tokens, calls: 1n };
    if (escrow.reserve({ id: `${call}`, accounts: [account], amounts, at: 0 }).admitted)
      admitted += 1;
  }
  expect(admitted / affordable).toBeGreaterThanOrEqual(0.95);
});
