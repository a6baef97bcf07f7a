import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Farthing } from './farthing.js';
import { memorySink } from './sinks/memory-sink.js';

const open = (options = {}) => {
  const sink = memorySink();
  return { sink, farthing: new Farthing({ sinks: [sink], ...options }) };
};

describe('users', () => {
  const secret = '0123456789abcdef'.repeat(4);
  const userOf = (options: object) => {
    const { sink, farthing } = open(options);
    farthing.recordUsage({
      provider: 'openai',
      model: 'gpt-5-mini',
      tokens: { output: 1 },
      tags: { user: 'anna@example.com', feature: 'f' },
    });
    return sink.entries[0]!.tags.user;
  };

  test('are pseudonyms under the key, as in the gateway', () => {
    const hash = createHmac('sha256', Buffer.from(secret, 'hex')).update('anna@example.com');
    expect(userOf({ secret })).toBe(`u_${hash.digest('hex').slice(0, 20)}`);
  });

  test('are left out without a key, and where they are not wanted', () => {
    expect(userOf({})).toBeUndefined();
    expect(userOf({ users: 'drop', secret })).toBeUndefined();
    expect(userOf({ users: 'plain' })).toBe('anna@example.com');
    expect(userOf({ users: (user: string) => user.length.toString() })).toBe('16');
  });

  test('are left out where the application’s own policy fails; the call is booked', () => {
    const users = () => {
      throw new Error('no');
    };
    expect(userOf({ users })).toBeUndefined();
  });

  test('a key that is none is refused', () => {
    expect(() => open({ secret: 'short' })).toThrow('64 hexadecimal digits');
  });
});

describe('meterTool', () => {
  test('books each use at its price, under the tags of its caller; errors cost nothing', async () => {
    const { sink, farthing } = open({ tags: { environment: 'test' } });
    const search = farthing.meterTool('web_search', { price: '0.005' }, async (query: string) => {
      if (query === '') throw new Error('empty');
      return query.length;
    });
    const run = farthing.startRun({ feature: 'research' });
    await run.within(async () => {
      expect(await search('gold')).toBe(4);
      await expect(search('')).rejects.toThrow('empty');
    });
    expect(sink.entries).toMatchObject([
      {
        api: 'tool',
        model: 'web_search',
        outcome: 'ok',
        cost: { usd: '0.005', status: 'priced', charges: [{ kind: 'tool:web_search' }] },
        tags: { environment: 'test', feature: 'research', run: run.id },
      },
      { outcome: 'error', error_type: 'tool_failed', cost: { usd: '0', status: 'not_billed' } },
    ]);
    expect(run.end()).toMatchObject({ calls: 2, errors: 1, cost_usd: '0.005' });
  });

  test('a run within another says how deep it stands', () => {
    const { sink, farthing } = open();
    const search = farthing.meterTool('web_search', { price: '0.005' }, () => 1);
    const nest = (levels: number): void => {
      farthing.startRun().within(() => {
        search();
        if (levels > 0) nest(levels - 1);
      });
    };
    nest(2);
    expect(sink.entries.map(({ tags }) => tags.custom?.['depth'])).toEqual([undefined, '1', '2']);
  });

  test('a function that answers at once goes on doing so', () => {
    const { sink, farthing } = open();
    const add = farthing.meterTool(
      'add',
      { price: '2', per: 1_000 },
      (a: number, b: number) => a + b,
    );
    expect(add(1, 2)).toBe(3);
    expect(sink.entries[0]!.cost.usd).toBe('0.002');
  });

  test.each([
    [{ price: 0.01 as never }, 'decimal text'],
    [{ price: '-1' }, 'decimal text'],
    [{ price: '1', per: 0 }, 'whole number'],
  ])('terms that are none are refused: %j', (terms, message) => {
    expect(() => open().farthing.meterTool('x', terms, () => 1)).toThrow(message);
  });
});

describe('recordUsage', () => {
  test('prices counts, and what a provider answered', () => {
    const { farthing } = open();
    const counted = farthing.recordUsage({
      provider: 'openai',
      model: 'gpt-5-mini',
      tokens: { input_uncached: 1_000, output: 100 },
      startedAt: '2026-11-20T12:00:00Z',
    });
    const answered = farthing.recordUsage({
      provider: 'openai',
      model: 'gpt-5-mini',
      payload: { usage: { prompt_tokens: 1_000, completion_tokens: 100, total_tokens: 1_100 } },
    });
    expect(counted.cost.usd).toBe('0.00045');
    expect(answered.cost.usd).toBe('0.00045');
  });

  test.each([
    [{ provider: '' }, '`provider`'],
    [{ model: 7 }, '`model`'],
    [{ tokens: { output: -1 } }, '`tokens.output` must be a whole number from 0'],
    [{ tokens: { input: 1 } }, '`tokens.input` must be one of input_uncached'],
    [{ units: { images: Number.NaN } }, '`units.images`'],
    [{ tokens: undefined }, '`tokens` must be given'],
    [{ startedAt: 'yesterday' }, '`startedAt`'],
    [{ id: '7' }, '`id` must be a UUID'],
    [{ attempt: 0 }, '`attempt`'],
    [{ context: { batch: 'yes' } }, 'context.batch'],
  ])('a mistake is told by its field: %j', (change, message) => {
    const record = { provider: 'openai', model: 'gpt-5-mini', tokens: { output: 1 }, ...change };
    expect(() => open().farthing.recordUsage(record as never)).toThrow(message);
  });
});

describe('runs and outcomes', () => {
  test('an outcome carries the run’s tags, costs nothing and is no call of a model', () => {
    const { sink, farthing } = open();
    const run = farthing.startRun({ feature: 'support' });
    run.annotate({ tenant: 'acme' });
    run.end({ success: true, score: 0.9 });
    expect(sink.entries).toMatchObject([
      {
        api: 'outcome',
        outcome: 'unmetered',
        cost: { usd: '0', status: 'not_billed' },
        tags: {
          run: run.id,
          feature: 'support',
          tenant: 'acme',
          custom: { outcome: 'success', score: '0.9' },
        },
      },
    ]);
  });

  test('an outcome that is known days later is booked by the run’s id', () => {
    const { sink, farthing } = open();
    farthing.outcome('run-of-yesterday', { success: false, tags: { feature: 'support' } });
    expect(sink.entries[0]!.tags).toEqual({
      run: 'run-of-yesterday',
      feature: 'support',
      custom: { outcome: 'failure' },
    });
  });

  test.each([
    [() => open().farthing.annotate({ a: 'b' }), 'outside of any run'],
    [() => open().farthing.endRun('gone'), 'no open run "gone"'],
    [() => open().farthing.outcome('r', { success: 'yes' as never }), '`success`'],
    [() => open().farthing.outcome('r', { success: true, score: 2 }), '`score`'],
  ])('a mistake is told: %s', (mistake, message) => {
    expect(mistake).toThrow(message);
  });
});
