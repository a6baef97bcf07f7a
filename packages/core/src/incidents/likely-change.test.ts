import { describe, expect, it } from 'vitest';
import { likelyChange } from './likely-change.js';
import { SpendRecord } from './spend-record.js';
import { callAt, noon, type CallShape } from './traffic.fixture.js';

const minute = 60_000;

/** A hundred calls before noon and some since, a minute apart. */
function recordOf(before: (index: number) => CallShape, since: (index: number) => CallShape) {
  const record = new SpendRecord();
  for (let index = 0; index < 100; index++) {
    const at = noon - (100 - index) * minute;
    record.add(callAt(at, before(index)), at);
  }
  for (let index = 0; index < 20; index++) {
    const at = noon + index * minute;
    record.add(callAt(at, since(index)), at);
  }
  return record;
}

describe('the likely change', () => {
  it('is the value whose share rose most', () => {
    const record = recordOf(
      () => ({ template: 'v6' }),
      (index) => ({ template: index % 10 === 0 ? 'v6' : 'v7' }),
    );
    expect(likelyChange(record, noon)).toEqual({
      dimension: 'template_version',
      from: 'v6',
      to: 'v7',
      at: '2026-03-10T12:01:00.000Z',
      share: 0.9,
    });
  });

  it('is what people changed, before the model and the price that follow from it', () => {
    const record = recordOf(
      () => ({ template: 'v6', model: 'gpt-5-mini', rate: 2 }),
      () => ({ template: 'v7', model: 'gpt-5', rate: 10 }),
    );
    expect(likelyChange(record, noon)).toMatchObject({ dimension: 'template_version', to: 'v7' });
  });

  it('is the release, or the version that a deployment is tagged with', () => {
    const release = (version: string) => () => ({ tags: { custom: { release: version } } });
    const record = recordOf(release('1.4.0'), release('1.5.0'));
    expect(likelyChange(record, noon)).toMatchObject({
      dimension: 'release',
      from: '1.4.0',
      to: '1.5.0',
    });
  });

  it('is the price, where it alone is another', () => {
    const record = recordOf(
      () => ({ rate: 10 }),
      () => ({ rate: 15 }),
    );
    expect(likelyChange(record, noon)).toMatchObject({
      dimension: 'price',
      to: '$15 per million output tokens',
    });
  });

  it('is none where shares are as before', () => {
    const mixed = (index: number) => ({ template: index % 2 === 0 ? 'v6' : 'v7' });
    expect(likelyChange(recordOf(mixed, mixed), noon)).toBeNull();
  });
});
