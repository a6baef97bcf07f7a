import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { newDirectory, quiet, removeDirectories } from './budget-world.fixture.js';
import { DecisionLog, earlierDecisions, type RecordedDecision } from './decision-log.js';
import { findDecision, latestDecisions } from './read-decisions.js';

afterEach(removeDirectories);

const decision = (call: string, changes: Partial<RecordedDecision> = {}): RecordedDecision => ({
  call,
  at: '2026-11-20T12:00:00.000Z',
  outcome: 'refused',
  model: 'gpt-4.1',
  model_requested: 'gpt-4.1',
  provider: 'openai',
  tags: {},
  steps: [{ do: 'block', budget: 'team' }],
  accounts: [],
  warnings: [],
  refusal: { action: 'block', budget: 'team', message: 'No.', retry_after_s: null },
  ...changes,
});
const admitted = (call: string) => decision(call, { outcome: 'admitted', warnings: ['nearly'] });
const path = () => join(newDirectory(), 'budgets', 'decisions.jsonl');

describe('the log of decisions', () => {
  test('ends a repetition by itself: each call finds why it was refused', async () => {
    const file = path();
    const log = new DecisionLog({ path: file, log: quiet, flushMilliseconds: 10 });
    for (const call of ['one', 'two', 'three']) log.add(decision(call), 0);
    for (let turn = 0; turn < 100 && (await findDecision(file, 'three')) === null; turn++) {
      await sleep(50);
    }
    expect(await findDecision(file, 'three')).toMatchObject({ same_as: 'one', times: 3 });
    expect(await findDecision(file, 'four')).toBeNull();
  });

  test('counts a refusal by what it has in common with one on record, without its decision', async () => {
    const file = path();
    const log = new DecisionLog({ path: file, log: quiet });
    expect(log.repeats('block team', 'zero', 0), 'nothing is on record').toBe(false);
    log.add(decision('one'), 0, 'block team');
    expect(log.repeats('block team', 'two', 999)).toBe(true);
    expect(log.repeats('block other', 'three', 999)).toBe(false);
    expect(log.repeats('block team', 'four', 1_000), 'a second later').toBe(false);
    await log.flush();
    expect(await findDecision(file, 'two')).toMatchObject({ same_as: 'one', times: 2 });
    expect(await findDecision(file, 'four')).toBeNull();
  });

  test('tells refusals of other accounts and budgets apart', async () => {
    const file = path();
    const log = new DecisionLog({ path: file, log: quiet });
    log.add(decision('one'), 0);
    const refusal = { ...decision('x').refusal!, budget: 'other' };
    log.add(decision('two', { refusal }), 0);
    await log.flush();
    expect((await latestDecisions(file, { limit: 9 })).map(({ call }) => call)).toEqual([
      'two',
      'one',
    ]);
    expect(await latestDecisions(file, { limit: 9, budget: 'other' })).toHaveLength(1);
    expect(await latestDecisions(file, { limit: 1 })).toMatchObject([{ call: 'two' }]);
  });

  test('is bounded on disk: one earlier file is kept', async () => {
    const file = path();
    const log = new DecisionLog({ path: file, log: quiet, fileBytes: 4_000 });
    for (let count = 0; count < 40; count++) {
      log.add(admitted(`call ${count}`), count);
      await log.flush();
    }
    expect(statSync(file).size).toBeLessThanOrEqual(4_000);
    expect(statSync(earlierDecisions(file)).size).toBeLessThanOrEqual(4_000);
    expect(await findDecision(file, 'call 39')).not.toBeNull();
    expect(await findDecision(file, 'call 0')).toBeNull();
  });

  test('a disk that is full harms no call, and what waits is written when it is not', async () => {
    const file = path();
    const blocked = join(file, '..');
    writeFileSync(blocked, 'a file where the folder should be');
    const problems: string[] = [];
    const log = new DecisionLog({
      path: file,
      log: { ...quiet, error: (_: object, message: string) => void problems.push(message) },
    });
    log.add(admitted('one'), 0);
    await log.flush();
    await log.flush();
    expect(problems).toEqual(['decisions of budgets cannot be written down']);
    const { rmSync } = await import('node:fs');
    rmSync(blocked);
    await log.flush();
    expect(await findDecision(file, 'one')).toMatchObject({ warnings: ['nearly'] });
  });

  test('a torn last line is passed over', async () => {
    const file = path();
    const log = new DecisionLog({ path: file, log: quiet });
    log.add(admitted('one'), 0);
    await log.flush();
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"call":"two","at":`);
    expect(await latestDecisions(file, { limit: 9 })).toHaveLength(1);
  });
});
