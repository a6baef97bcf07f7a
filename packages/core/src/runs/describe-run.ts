import { displayUsd } from '../whatif/display-usd.js';
import type { StepDifference } from './compare-runs.js';
import type { DearestStep } from './dearest-steps.js';
import type { RunFacts } from './run-report.js';

/** A run in one sentence: what it cost, how it ended, and on what most was spent. */
export function describeRun(run: RunFacts, [dearest]: readonly DearestStep[]): string {
  const cost = run.cost_usd === null ? 'no known cost' : displayUsd(run.cost_usd);
  const calls = `${run.calls.toLocaleString('en-US')} ${run.calls === 1 ? 'call' : 'calls'}`;
  const outcome = run.outcome === null ? '' : `, ended in ${run.outcome.outcome}`;
  const retried =
    run.retries === 0 || run.retries_cost_usd === null
      ? ''
      : ` ${displayUsd(run.retries_cost_usd)} went to ${run.retries} ${run.retries === 1 ? 'retry' : 'retries'}.`;
  const most =
    dearest?.cost_share == null || run.calls < 2
      ? ''
      : ` Most went to ${placeOf(dearest)}: ${Math.round(dearest.cost_share * 100)} % for ${dearest.calls.toLocaleString('en-US')} ${dearest.calls === 1 ? 'call' : 'calls'}.`;
  return `${capital(run.kind)} ${run.id}: ${cost} for ${calls}${outcome}.${most}${retried}`;
}

const because: Record<StepDifference['cause'], (step: StepDifference) => string> = {
  new: ({ calls }) => `is new (${times(calls)})`,
  gone: ({ calls_before: calls }) => `is gone (was ${times(calls)})`,
  model: ({ name, name_before: before }) => `ran on ${name} instead of ${before}`,
  template: ({ template_version: version, template_version_before: before }) =>
    `used template ${version ?? 'without a version'} instead of ${before ?? 'one without a version'}`,
  calls: ({ calls, calls_before: before }) =>
    `was called ${times(calls)} instead of ${times(before)}`,
  tokens: ({ tokens, tokens_before: before }) =>
    `took ${tokens.toLocaleString('en-US')} tokens instead of ${before.toLocaleString('en-US')}`,
  price: () => 'cost more or less for the same tokens',
  same: () => 'is the same',
};

/** Which step makes two runs differ, in one sentence. */
export function describeRunDifference(
  run: RunFacts,
  other: RunFacts,
  changeUsd: string,
  [largest]: readonly StepDifference[],
): string {
  if (changeUsd === '0')
    return `${run.id} cost as much as ${other.id}: ${displayUsd(run.cost_usd ?? '0')}.`;
  const more = changeUsd.startsWith('-') ? 'less' : 'more';
  const amount = displayUsd(changeUsd.replace('-', ''));
  const head = `${run.id} cost ${amount} ${more} than ${other.id} (${displayUsd(run.cost_usd ?? '0')} against ${displayUsd(other.cost_usd ?? '0')})`;
  if (largest === undefined) return `${head}.`;
  return `${head}: ${placeOf(largest)} ${because[largest.cause](largest)} (${displayUsd(largest.change_usd)}).`;
}

function placeOf({ step, name }: Pick<DearestStep, 'step' | 'name'>): string {
  return step === '' ? name : `${name} in ${step}`;
}

function times(calls: number): string {
  return `${calls.toLocaleString('en-US')} ×`;
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
