import { toCallRow, type CallRow } from '@farthing/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { sampleEntry } from '../store/conformance/batches.js';
import { DriftLog } from './drift-log.js';

/** A call that cost 0.001875 USD and was expected to cost `usd`. */
const call = (feature: string | undefined, usd: string): CallRow =>
  toCallRow(
    sampleEntry({
      tags: feature === undefined ? {} : { feature },
      estimate: { input_tokens: 1_000, output_tokens: 50, usd, method: 'learned' },
    }),
  );
const fair = '0.0018';
const low = '0.001';
const lower = '0.0005';

describe('the log of drifted calls', () => {
  let now = 0;
  let lines: [fields: Record<string, unknown>, message: string][] = [];
  let log: DriftLog;
  beforeEach(() => {
    now = 1_000_000;
    lines = [];
    log = new DriftLog({
      threshold: 0.3,
      everyMilliseconds: 60_000,
      log: { warn: (fields, message) => lines.push([fields, message]) },
      now: () => now,
    });
  });

  test('names the feature and both costs', () => {
    const row = call('search', low);
    log.booked([row]);
    expect(lines).toEqual([
      [
        expect.objectContaining({
          feature: 'search',
          calls: 1,
          estimated_usd: '0.001',
          cost_usd: '0.001875',
          cost_drift: 0.875,
          call: row.id,
        }),
        'COST_DRIFT',
      ],
    ]);
  });

  test('says nothing of calls within the threshold, and of those that are not compared', () => {
    log.booked([call('search', fair), toCallRow(sampleEntry())]);
    expect(lines).toEqual([]);
  });

  test('has one line of a feature in a minute, with the number of its calls and the furthest', () => {
    log.booked([call('search', low)]);
    for (let second = 1; second < 60; second++) {
      now += 1_000;
      log.booked([call('search', second === 30 ? lower : low), call('search', fair)]);
    }
    expect(lines).toHaveLength(1);
    log.flush();
    expect(lines).toHaveLength(1);
    now += 1_000;
    log.flush();
    expect(lines).toHaveLength(2);
    expect(lines[1]![0]).toMatchObject({ calls: 59, estimated_usd: '0.0005', cost_drift: 2.75 });
    now += 600_000;
    log.flush();
    expect(lines).toHaveLength(2);
  });

  test('keeps features apart, and remembers a thousand of them at most', () => {
    log.booked(Array.from({ length: 1_100 }, (_, index) => call(`feature-${index}`, low)));
    log.booked([call('search', low), call(undefined, low)]);
    expect(lines).toHaveLength(1_001);
    expect(lines.at(-1)![0]).toMatchObject({ feature: '(other features)', calls: 100 });
  });
});
