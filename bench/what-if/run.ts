import { parseArgs } from 'node:util';
import type { Entry, Scenario } from '@farthing/core';
import {
  bill,
  billed,
  drawWork,
  errorOf,
  predict,
  type RunOptions,
} from '../../test/whatif/ground-truth.js';

// `npm run bench:what-if [-- --calls 600]`: predicted, then done, through the real gateway to the fake
// provider, and compared with what was then billed.
const { values } = parseArgs({ options: { calls: { type: 'string', default: '600' } } });
const work = drawWork(Number(values.calls));

const openai = (model: string, more: Partial<RunOptions> = {}): RunOptions => ({
  provider: 'openai',
  model,
  ...more,
});
const fixed = { fixedAnswers: true };
/** The length of answers is taken from samples on the other model. */
const afterSamples: Scenario = {};

const cases: { name: string; from: RunOptions; to: RunOptions; scenario: Scenario }[] = [
  {
    name: 'gpt-4.1 → gpt-4.1-mini, answers as long',
    from: openai('gpt-4.1', fixed),
    to: openai('gpt-4.1-mini', fixed),
    scenario: { model: 'gpt-4.1-mini' },
  },
  {
    name: 'gpt-4.1 → gpt-4o, answers as long',
    from: openai('gpt-4.1', fixed),
    to: openai('gpt-4o', fixed),
    scenario: { model: 'gpt-4o' },
  },
  {
    name: 'gpt-4.1 → claude-sonnet-4-5, answers as long',
    from: openai('gpt-4.1', fixed),
    to: { provider: 'anthropic', model: 'claude-sonnet-4-5', ...fixed },
    scenario: { model: 'claude-sonnet-4-5' },
  },
  {
    name: 'gpt-4.1, answers of at most 120 tokens',
    from: openai('gpt-4.1'),
    to: openai('gpt-4.1', { maxTokens: 120 }),
    scenario: { output_cap: 120 },
  },
  {
    name: 'gpt-4.1 → gpt-4.1-mini, each with answers of its own length',
    from: openai('gpt-4.1'),
    to: openai('gpt-4.1-mini'),
    scenario: { model: 'gpt-4.1-mini' },
  },
  {
    name: 'gpt-4.1 → gpt-5-mini, which reasons',
    from: openai('gpt-4.1'),
    to: openai('gpt-5-mini'),
    scenario: { model: 'gpt-5-mini' },
  },
  {
    name: 'gpt-4.1 → gpt-4.1-mini',
    from: openai('gpt-4.1'),
    to: openai('gpt-4.1-mini'),
    scenario: afterSamples,
  },
  {
    name: 'gpt-4.1 → gpt-5-mini',
    from: openai('gpt-4.1'),
    to: openai('gpt-5-mini'),
    scenario: afterSamples,
  },
];

/** So many requests are sent to the other model first, to see how long its answers are. */
const samples = 100;

function outputOf(entries: readonly Entry[]): number {
  return entries.reduce((sum, { usage }) => sum + (usage?.tokens.output ?? 0), 0);
}

const runs = new Map<string, ReturnType<typeof bill>>();
const once = (options: RunOptions) => {
  const key = JSON.stringify(options);
  const known = runs.get(key) ?? bill(work, options);
  runs.set(key, known);
  return known;
};
const rows: Record<string, unknown>[] = [];
for (const { name, from, to, scenario } of cases) {
  const before = await once(from);
  const after = await once(to);
  if (scenario === afterSamples) {
    const tried = await bill(work.slice(0, samples), to);
    const factor = outputOf(tried) / outputOf(before.slice(0, samples));
    const known = { model: to.model, output_factor: Number(factor.toFixed(3)) };
    rows.push(await compareCase(`${name}, after ${samples} samples`, before, after, known));
    continue;
  }
  rows.push(await compareCase(name, before, after, scenario));
}
console.log(`${work.length} calls a run`);
console.table(rows);

async function compareCase(
  name: string,
  before: readonly Entry[],
  after: readonly Entry[],
  scenario: Scenario,
): Promise<Record<string, unknown>> {
  const { repriced_usd: said, actual_usd: actual } = await predict(before, scenario);
  const then = billed(after);
  if (actual !== billed(before)) throw new Error(`${name}: ${actual} is not what was billed`);
  const isWithin = Number(said.low) <= Number(then) && Number(then) <= Number(said.high);
  return {
    case: name,
    before: Number(actual).toFixed(4),
    predicted: Number(said.expected).toFixed(4),
    range:
      said.low === said.high
        ? '–'
        : `${Number(said.low).toFixed(4)} to ${Number(said.high).toFixed(4)}`,
    billed: Number(then).toFixed(4),
    'off by': `${(errorOf(said.expected, then) * 100).toFixed(1)} %`,
    'in the range': said.low === said.high ? '–' : isWithin,
  };
}
