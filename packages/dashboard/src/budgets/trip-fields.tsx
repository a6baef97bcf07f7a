import type { BreakerOrder, Scope } from '../api/budgets-contract.js';
import { TextField } from '../controls/fields.js';
import { scopeLabel } from './budget-words.js';

const starred = (scope: Scope) => Object.keys(scope).filter((name) => scope[name] === '*');

/** Which one of a breaker for each, why, and for how long. */
export function TripFields({ scope }: { scope: Scope }) {
  return (
    <>
      {starred(scope).map((dimension) => (
        <TextField
          key={dimension}
          name={`scope.${dimension}`}
          label={`Which ${scopeLabel(dimension)}`}
          hint="Empty: all that are known."
        />
      ))}
      <TextField name="cause" label="Why, for the record" placeholder="it loops" maxLength={500} />
      <TextField
        name="minutes"
        label="For how many minutes at least"
        inputMode="numeric"
        hint="Empty: its own cool-down."
      />
    </>
  );
}

export function readTrip(form: FormData, scope: Scope): BreakerOrder {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const values = Object.fromEntries(
    starred(scope).flatMap((name) => {
      const value = text(`scope.${name}`);
      return value === '' ? [] : [[name, value]];
    }),
  );
  const minutes = text('minutes');
  const cause = text('cause');
  return {
    ...(Object.keys(values).length === 0 ? {} : { scope: values }),
    ...(cause === '' ? {} : { cause }),
    ...(minutes === '' ? {} : { seconds: Math.round(Number(minutes) * 60) }),
  };
}
