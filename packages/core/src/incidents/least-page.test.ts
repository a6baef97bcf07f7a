import { describe, expect, it, test } from 'vitest';
import { parseUsd } from '../money.js';
import type { Excess } from './incident-size.js';
import { belowLeastPage, describeBelowLeastPage, pagingOf, soonerPaging } from './least-page.js';
import { usualModes } from './severity.js';
import { callAt, noon, outputOf, type CallShape } from './traffic.fixture.js';
import { Watch } from './watch.js';
import { watching } from './watching.fixture.js';

const minute = 60_000;
const hour = 60 * minute;
const leastPage = parseUsd('1.00');

const excess = (byNextDay: string, isWhole = true): Excess => ({
  normalPerHour: 0n,
  nowPerHour: 0n,
  above: 0n,
  byMidnight: 0n,
  byNextDay: parseUsd(byNextDay),
  byMonthEnd: 0n,
  isWhole,
});

describe('the least size for pages', () => {
  test('is compared with what an incident costs above normal so far and within the next day', () => {
    const below = belowLeastPage(excess('0.03'), leastPage);
    expect(below).toEqual({ size_usd: '0.03', least_usd: '1' });
    expect(describeBelowLeastPage(below)).toBe(
      'Below the least size for pages: $0.0300 so far and within the next day, of $1.00.',
    );
    expect(belowLeastPage(excess('1.00'), leastPage)).toBeNull();
  });

  test.each([
    ['what is not known', null, leastPage],
    ['what has calls without a price, that may cost anything', excess('0.03', false), leastPage],
    ['anything where it is 0', excess('-0.50'), 0n],
  ])('holds nothing of %s', (_what, size, least) => {
    expect(belowLeastPage(size, least)).toBeNull();
  });

  test('is for what grows and for runs; what fails, what a rule says and a budget have none', () => {
    const of = (cause: Parameters<typeof pagingOf>[0]['cause']) =>
      pagingOf({ cause, mode: 'page' });
    expect(
      ['cost', 'output', 'cache', 'creep', 'template', 'run'].map((each) => of(each as 'run')),
    ).toEqual(Array(6).fill('by_size'));
    expect(['retries', 'budget_pace', 'rule', 'silence'].map((each) => of(each as 'rule'))).toEqual(
      Array(4).fill('always'),
    );
    expect(pagingOf({ cause: 'cost', mode: 'record' })).toBe('never');
    expect(soonerPaging('by_size', 'never')).toBe('by_size');
    expect(soonerPaging('by_size', 'always')).toBe('always');
  });
});

/** A tenth of the usual prices: 20 calls an hour take 25 cents a day. */
const small = (index: number): CallShape => ({ output: outputOf(index, 400), rate: 1 });
const smallDoubled = (index: number): CallShape => ({
  ...small(index),
  output: outputOf(index, 900),
});

/** Calls until one pages, and the incident; at most so many. */
function untilPage(
  stream: ReturnType<typeof watching>,
  shape: (index: number) => CallShape,
  most: number,
) {
  for (let calls = 1; calls <= most; calls++) {
    for (const { what, incident } of stream.call(shape, 1).updates) {
      if (what === 'opened' && incident.severity === 'page') return { calls, incident };
    }
  }
  throw new Error(`no page within ${most} calls`);
}

describe('an incident below the least size', () => {
  it('is a record, says why, and is a page by itself once it costs as much', () => {
    const stream = watching({ leastPage: parseUsd('0.30') }, [small]);
    const { updates } = stream.call(smallDoubled, 100, 'opened');
    const { incident } = updates.at(-1)!;
    expect(incident).toMatchObject({
      cause: 'output',
      severity: 'record',
      below_least_page: { size_usd: expect.stringMatching(/^0\.2\d*$/), least_usd: '0.3' },
      summary: expect.stringMatching(
        /Below the least size for pages: \$0\.2\d+ so far and within the next day, of \$0\.3000\./,
      ),
    });
    // Half a thousandth of a dollar more a call.
    const later = [...stream.call(smallDoubled, 200).updates, ...stream.pass(minute)];
    const opened = later.filter(({ what }) => what === 'opened');
    expect(opened).toMatchObject([{ incident: { id: incident.id, severity: 'page' } }]);
    expect(opened[0]!.incident).toMatchObject({
      below_least_page: null,
      summary: expect.not.stringContaining('least size'),
      history: expect.arrayContaining([
        expect.objectContaining({ what: 'opened', note: 'it has become a page' }),
      ]),
    });
    expect(stream.pass(hour).filter(({ what }) => what === 'opened')).toEqual([]);
    expect(stream.watch.book.incidents[0]!.severity).toBe('page');
  });

  it('is paged at once where the configuration lets all page', () => {
    const stream = watching({ leastPage: 0n }, [small]);
    const { updates } = stream.call(smallDoubled, 100, 'opened');
    expect(updates.at(-1)!.incident).toMatchObject({ severity: 'page', below_least_page: null });
  });

  it('goes on waiting after a restart, and one that was kept before there was such a size', () => {
    const stream = watching({ leastPage }, [small]);
    stream.call(smallDoubled, 100, 'opened');
    const state = JSON.parse(JSON.stringify(stream.watch));
    const again = (of: unknown) => {
      const watch = new Watch({ modes: usualModes, rules: [], leastPage: 1n }, of as never);
      for (const [key, group] of stream.watch.groups) {
        watch.restoreGroup(key, JSON.parse(JSON.stringify(group)));
      }
      return watch;
    };
    expect(again(state).tick(stream.now)).toMatchObject([
      { what: 'opened', incident: { severity: 'page' } },
    ]);
    const [followed] = state.book.followed;
    delete followed.paging;
    delete followed.incident.below_least_page;
    const old = again(state);
    old.tick(stream.now);
    expect(old.book.incidents).toMatchObject([{ severity: 'record', below_least_page: null }]);
  });
});

describe('what matters pages all the same', () => {
  /** 1,875 tokens of output and 1,000 of input are two cents. */
  const twoCents = (index: number): CallShape => ({ output: outputOf(index, 1_875) });
  const twelveCents = (): CallShape => ({ output: 11_875 });

  it.each([1, 12])(
    'calls of $0.12 where $0.02 are usual, within ten of them, also at %i calls an hour',
    (perHour) => {
      const stream = watching({ leastPage }, [twoCents], perHour);
      expect(untilPage(stream, twelveCents, 10).incident.cause).toBe('output');
    },
  );

  it.each([
    ['of gpt-5', 10],
    ['of gpt-5-nano', 0.4],
  ])(
    'ten times as much for one feature, in five minutes of ten calls each, at prices %s',
    (_what, rate) => {
      const digest = (index: number): CallShape => ({
        input: 100,
        output: outputOf(index, 200),
        rate,
      });
      const grown = (index: number): CallShape => ({
        ...digest(index),
        output: outputOf(index, 2_000),
      });
      const stream = watching({ leastPage }, [digest], 120);
      expect(untilPage(stream, grown, 50).incident.size).not.toBeNull();
    },
  );

  const runs = (index: number): CallShape => ({ run: `run-${Math.floor(index / 6)}`, rate: 1 });

  it('a run that runs away, unless it is known to cost next to nothing', () => {
    const dear = watching({ leastPage }, [runs]);
    expect(dear.call(() => ({ run: 'loop', rate: 1 }), 200, 'opened').updates.at(-1)).toMatchObject(
      {
        incident: { cause: 'run', severity: 'page' },
      },
    );
    const free = watching({ leastPage }, [(index) => ({ ...runs(index), rate: 0 })]);
    expect(free.call(() => ({ run: 'loop', rate: 0 }), 200, 'opened').updates.at(-1)).toMatchObject(
      {
        incident: { cause: 'run', severity: 'record', below_least_page: { size_usd: '0' } },
      },
    );
  });

  it('a run whose calls have no price', () => {
    const stream = watching({ leastPage }, [runs]);
    let opened;
    for (let index = 0; index < 200 && opened === undefined; index++) {
      const at = noon + index * 6_000;
      const call = callAt(at, { run: 'loop' });
      const unpriced = { ...call, cost: null, observed: { ...call.observed, cost: null } };
      opened = stream.watch
        .observe(unpriced, true, at)
        .find(({ incident }) => incident.cause === 'run');
    }
    expect(opened!.incident).toMatchObject({ severity: 'page', below_least_page: null });
  });

  it('retries, which cost little: what they say is that something fails', () => {
    const stream = watching({ leastPage }, [small]);
    const failing = (index: number) => ({ ...small(index), attempt: index % 4 === 0 ? 1 : 3 });
    const { updates } = stream.call(failing, 100, 'opened');
    expect(updates.at(-1)!.incident).toMatchObject({ cause: 'retries', severity: 'page' });
  });
});
