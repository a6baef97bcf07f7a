import type { CallToAdmit } from '../budget/call-to-admit.js';
import type { DecisionStep, Refusal } from '../budget/decision.js';
import type { CallShape } from '../estimate/estimator.js';
import { degraded } from './degrade.js';
import type { Heeded } from './heed-breakers.js';
import type { Restriction, StoppedRun } from './restrictions.js';

/** What restrictions make of a call; like breakers, but ordered by somebody, for a time. */
export function heedRestrictions(
  restrictions: readonly Restriction[],
  call: CallToAdmit,
  isPriced: (shape: CallShape) => boolean,
): Heeded {
  let { shape } = call;
  const steps: DecisionStep[] = [];
  for (const restriction of restrictions) {
    const { id, step, downgrade } = restriction;
    const done: DecisionStep = { do: 'restriction', restriction: id, step };
    if (step === 'throttle' || step === 'block') {
      return { shape, steps: [...steps, done], refusal: refusalOf(restriction, step) };
    }
    const chain = new Map(downgrade.slice(1).map((model, index) => [downgrade[index]!, model]));
    const next = degraded(step, chain, shape, call, isPriced);
    if (next === null) continue;
    shape = next;
    steps.push(done);
  }
  return { shape, steps, refusal: null };
}

function refusalOf(restriction: Restriction, action: 'throttle' | 'block'): Refusal {
  const { cause, until, one_in: oneIn } = restriction;
  const what =
    action === 'block'
      ? 'Calls like this one are blocked'
      : `Of calls like this one, 1 in ${oneIn} passes`;
  return {
    action,
    ...ordered(restriction, 'restricted'),
    message: `${what} until ${minuteOf(until)}: ${clause(cause)}. Do not repeat the call at once.`,
  };
}

/** Reads to an agent as much as to a person: what happened, and that trying again is in vain. */
export function stoppedRefusal(stopped: StoppedRun): Refusal {
  const { run, cause, until } = stopped;
  return {
    action: 'block',
    ...ordered(stopped, 'run_stopped'),
    message: `This run was stopped: ${clause(cause)}. Do not retry: every further call of the run is refused until ${minuteOf(until)}, unless a person releases it (farthing runs release ${run}).`,
  };
}

function ordered(
  { id, until, incident }: Pick<Restriction, 'id' | 'until' | 'incident'>,
  code: NonNullable<Refusal['code']>,
): Omit<Refusal, 'action' | 'message'> {
  // No time to wait: clients would sleep and call again, and the run would go on where it was.
  const refusal = { budget: id, code, until, retry_after_s: null };
  return incident === null ? refusal : { ...refusal, incident };
}

function minuteOf(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}

/** A cause within a sentence: without an end of its own. */
function clause(cause: string): string {
  return cause.replace(/[.\s]+$/, '');
}
