import type { DecisionStep } from '@farthing/core';
import type { FoundDecision } from '../../budgets/index.js';
import type { CliOutput } from '../context.js';
import { displayCount, displayTime, displayUsd } from '../output/display.js';
import { printable, renderTable } from '../output/table.js';

/** One decision in full: what became of the call, step by step, and every account that was asked. */
export function renderDecision(decision: FoundDecision, output: CliOutput): string {
  const { call, at, outcome, provider, model_requested: asked, model, refusal } = decision;
  const lines = [
    `Call ${printable(call)}, ${displayTime(at, 'UTC')} UTC, ${printable(provider)}/${printable(asked)}: ${outcome}${
      model !== null && model !== asked ? ` on ${printable(model)}` : ''
    }`,
  ];
  if (refusal !== undefined) {
    const wait =
      refusal.retry_after_s === null
        ? 'Waiting does not help.'
        : `It may fit again in ${displayCount(refusal.retry_after_s)} s.`;
    lines.push(`${printable(refusal.message)} ${wait}`);
  }
  if (decision.same_as !== undefined) {
    lines.push(`As call ${decision.same_as}, recorded within the same second.`);
  }
  if (decision.times > 1) {
    lines.push(`${displayCount(decision.times)} calls were refused alike within that second.`);
  }
  for (const warning of decision.warnings) lines.push(`Warning: ${printable(warning)}`);
  const steps = decision.steps.map((step, index) => `${index + 1}. ${stepText(step)}`);
  return `${[...lines, ...steps].join('\n')}\n${accountsTable(decision, output)}`;
}

export function renderHistory(decisions: readonly FoundDecision[], output: CliOutput): string {
  if (decisions.length === 0) return 'No call was refused, changed or warned about.\n';
  return renderTable(
    [
      {
        header: 'time (UTC)',
        align: 'left',
        cells: decisions.map(({ at }) => displayTime(at, 'UTC')),
      },
      { header: 'call', align: 'left', cells: decisions.map(({ call }) => printable(call)) },
      { header: 'calls', align: 'right', cells: decisions.map(({ times }) => displayCount(times)) },
      { header: 'outcome', align: 'left', cells: decisions.map(({ outcome }) => outcome) },
      { header: 'what', align: 'left', cells: decisions.map((decision) => summary(decision)) },
    ],
    output,
  );
}

function summary({ refusal, steps, warnings }: FoundDecision): string {
  if (refusal !== undefined) {
    if (refusal.code === 'run_stopped') return 'the run is stopped';
    if (refusal.code === 'restricted') return `${refusal.action} by restriction ${refusal.budget}`;
    const who = refusal.breaker === true ? 'breaker' : 'budget';
    return `${refusal.action} by ${who} "${printable(refusal.budget)}"`;
  }
  const last = steps.findLast((step) => step.do === 'hold');
  const done = steps.flatMap((step, index) => {
    switch (step.do) {
      case 'hold':
        return step === last && step.max_output !== undefined
          ? [`max_tokens ${step.max_output}`]
          : [];
      case 'cap':
      case 'cap_tokens':
        return [];
      case 'downgrade':
        return steps.slice(index + 1).some((later) => later.do === 'downgrade')
          ? []
          : [`downgraded to ${step.to}`];
      case 'truncate':
        return [`history cut to ${displayCount(step.to_input_tokens)}`];
      case 'breaker':
        return [`${step.step} by breaker "${step.breaker}"`];
      case 'restriction':
        return [`${step.step} by restriction ${step.restriction}`];
      default:
        return [step.do];
    }
  });
  return printable([...done, ...warnings].join(', '));
}

function accountsTable({ accounts }: FoundDecision, output: CliOutput): string {
  if (accounts.length === 0) return '';
  const amount = (measure: string, text: string) =>
    measure === 'usd' ? displayUsd(text) : `${displayCount(BigInt(text))} ${measure}`;
  return renderTable(
    [
      { header: 'account', align: 'left', cells: accounts.map(({ budget }) => printable(budget)) },
      {
        header: 'scope',
        align: 'left',
        cells: accounts.map(({ scope }) => {
          const pairs = Object.entries(scope).map(([dimension, value]) => `${dimension}=${value}`);
          return pairs.length === 0 ? 'all calls' : printable(pairs.join(' '));
        }),
      },
      {
        header: 'used',
        align: 'right',
        cells: accounts.map(({ measure, used }) => amount(measure, used)),
      },
      {
        header: 'asked',
        align: 'right',
        cells: accounts.map(({ measure, asked }) => amount(measure, asked)),
      },
      {
        header: 'limit',
        align: 'right',
        cells: accounts.map(({ measure, limit }) => amount(measure, limit)),
      },
      { header: 'said', align: 'left', cells: accounts.map(({ said }) => words[said]) },
      {
        header: 'resets (UTC)',
        align: 'left',
        cells: accounts.map(({ resets_at: time }) =>
          time === null ? 'never' : displayTime(time, 'UTC', 'minute'),
        ),
      },
    ],
    output,
  );
}

const words = {
  yes: 'yes',
  soft: 'yes, nearly used up',
  over: 'yes, though used up',
  no: 'no',
} as const;

function stepText(step: DecisionStep): string {
  switch (step.do) {
    case 'hold': {
      const usd = step.usd === null ? 'no known price' : displayUsd(step.usd);
      const clamp = step.max_output === undefined ? '' : `, answer limited to ${step.max_output}`;
      return `asked to hold ${usd} and ${displayCount(step.tokens)} tokens on ${printable(step.model)}${clamp}`;
    }
    case 'cap':
      return `budget "${step.budget}": expected to cost ${displayUsd(step.expected_usd)}, a call may ${displayUsd(step.max_usd)}`;
    case 'cap_tokens':
      return `budget "${step.budget}": expected to have ${displayCount(step.expected_input_tokens)} input tokens, a call may ${displayCount(step.max_input_tokens)}`;
    case 'downgrade':
      return `budget "${step.budget}": ${printable(step.from)} → ${printable(step.to)}`;
    case 'truncate':
      return `budget "${step.budget}": history cut from ${displayCount(step.from_input_tokens)} to ${displayCount(step.to_input_tokens)} tokens`;
    case 'acknowledged':
      return `budget "${step.budget}": a person let it pass`;
    case 'breaker':
      return `breaker "${step.breaker}": ${step.step}${step.probe ? ' (a probe of the milder step)' : ''}`;
    case 'restriction':
      return `restriction ${step.restriction}: ${step.step}`;
    case 'run_stopped':
      return `run ${printable(step.run)} is stopped`;
    default:
      return `budget "${step.budget}": ${step.do}`;
  }
}
