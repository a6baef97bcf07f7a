import { useState } from 'react';
import {
  resetBreaker,
  tripBreaker,
  type Breaker,
  type Scope,
  type TrippedBreaker,
} from '../api/budgets-contract.js';
import { Badge } from '../controls/badge.js';
import { SmallButton } from '../controls/button.js';
import { ChangeDialog } from '../controls/dialog.js';
import { formatDuration } from '../figures/counts.js';
import { formatClockSeconds } from '../figures/times.js';
import { formatUsd } from '../money/usd.js';
import { accountWords, capital, deedWords, formatUntil, scopeWords } from './budget-words.js';
import { Steps } from './steps.js';
import { readTrip, TripFields } from './trip-fields.js';

/** One breaker, and which of its scopes have tripped. */
export function BreakerLine({ breaker, now }: { breaker: Breaker; now: number }) {
  const [asking, setAsking] = useState(false);
  const { name, scope, limit, window_s: seconds, steps, tripped } = breaker;
  return (
    <li className="border-t border-line px-4 py-4 sm:px-6">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <div className="flex flex-wrap items-center gap-2">
            <h3 className="text-sm font-semibold break-words">{name}</h3>
            {tripped.length === 0 && <Badge tone="calm">Closed</Badge>}
          </div>
          <p className="mt-0.5 text-[0.8125rem] text-ink-2">
            {scopeWords(scope)}, trips above <span className="figure">{formatUsd(limit)}</span> in{' '}
            {span(seconds)}
          </p>
        </div>
        <Steps steps={steps} at={tripped.length === 0 ? null : (tripped[0]?.step ?? null)} />
        <SmallButton quiet onClick={() => setAsking(true)} aria-label={`Trip ${name}`}>
          Trip
        </SmallButton>
      </div>
      {tripped.length > 0 && (
        <ul aria-label={`Tripped: ${name}`} className="mt-3 space-y-2">
          {tripped.map((one) => (
            <Tripped key={JSON.stringify(one.scope)} breaker={breaker} one={one} now={now} />
          ))}
        </ul>
      )}
      <ChangeDialog
        title={`Trip “${name}”`}
        open={asking}
        onClose={() => setAsking(false)}
        confirm="Trip"
        severe
        work={(form) => tripBreaker(name, readTrip(form, scope))}
      >
        <p className="text-ink-2">
          It takes its next step, {deedWords(steps[0] ?? '')}, whatever is spent.
        </p>
        <TripFields scope={scope} />
      </ChangeDialog>
    </li>
  );
}

const span = (seconds: number) =>
  seconds % 3600 === 0
    ? `${seconds / 3600} h`
    : seconds % 60 === 0
      ? `${seconds / 60} min`
      : formatDuration(seconds * 1000);

function Tripped({
  breaker: { name, scope },
  one,
  now,
}: {
  breaker: Breaker;
  one: TrippedBreaker;
  now: number;
}) {
  const [asking, setAsking] = useState(false);
  const whose = accountWords(one.scope, scope);
  const probing = one.state === 'half_open';
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-1.5 rounded-md border border-line bg-sunk px-3 py-2 text-[0.8125rem]">
      <Badge tone={probing ? 'warn' : 'bad'}>{probing ? 'Half open' : 'Tripped'}</Badge>
      <div className="min-w-0 flex-1 basis-60">
        <p className="break-words">
          {whose !== '' && <span className="font-medium">{whose}: </span>}
          {one.step === null ? 'no step' : deedWords(one.step)}
          {probing && ', while some calls try the milder step'}
        </p>
        <p className="break-words text-ink-2">
          {one.cause !== null && `${capital(one.cause)}. `}
          {one.since !== null && (
            <>
              Since <span className="figure">{formatClockSeconds(one.since)}</span> UTC
            </>
          )}
          {one.until !== null && (
            <>
              , tries the milder step{' '}
              {Date.parse(one.until) > now ? (
                <>
                  in <span className="figure">{formatUntil(Date.parse(one.until) - now)}</span>
                </>
              ) : (
                'with the next calls'
              )}
            </>
          )}
        </p>
      </div>
      <SmallButton onClick={() => setAsking(true)} aria-label={`Reset ${name} ${whose}`.trim()}>
        Reset
      </SmallButton>
      <ChangeDialog
        title={`Reset “${name}”${whose === '' ? '' : ` for ${whose}`}?`}
        open={asking}
        onClose={() => setAsking(false)}
        confirm="Reset"
        work={() => resetBreaker(name, withScope(one.scope))}
      >
        <p className="text-ink-2">
          Its calls pass as they are again. It trips anew if they spend too fast.
        </p>
      </ChangeDialog>
    </li>
  );
}

const withScope = (scope: Scope) => (Object.keys(scope).length === 0 ? {} : { scope });
