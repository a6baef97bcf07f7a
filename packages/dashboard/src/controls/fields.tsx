import { useId, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes } from 'react';

const box =
  'mt-1 block h-9 w-full rounded-md border bg-surface px-2.5 text-sm text-ink aria-invalid:border-bad';

interface FieldWords {
  label: string;
  /** Below it, in words. */
  hint?: ReactNode;
  /** What the control plane says about it. */
  problem?: string | undefined;
}

/** A labelled input. A problem is read with it, and shown in the place of its hint. */
export function TextField({
  label,
  hint,
  problem,
  ...input
}: FieldWords & InputHTMLAttributes<HTMLInputElement>) {
  const [field, note] = [useId(), useId()];
  return (
    <div className="min-w-0 text-[0.8125rem] text-ink-2">
      <label htmlFor={field}>{label}</label>
      <input
        id={field}
        autoComplete="off"
        spellCheck={false}
        {...input}
        aria-invalid={problem !== undefined}
        aria-describedby={note}
        className={`${box} border-line-strong`}
      />
      <Note id={note} hint={hint} problem={problem} />
    </div>
  );
}

export function SelectField({
  label,
  hint,
  problem,
  children,
  ...select
}: FieldWords & SelectHTMLAttributes<HTMLSelectElement>) {
  const [field, note] = [useId(), useId()];
  return (
    <div className="min-w-0 text-[0.8125rem] text-ink-2">
      <label htmlFor={field}>{label}</label>
      <select
        id={field}
        {...select}
        aria-invalid={problem !== undefined}
        aria-describedby={note}
        className={`${box} border-line-strong`}
      >
        {children}
      </select>
      <Note id={note} hint={hint} problem={problem} />
    </div>
  );
}

function Note({ id, hint, problem }: { id: string; hint: ReactNode; problem: string | undefined }) {
  return (
    <span
      id={id}
      role={problem === undefined ? undefined : 'alert'}
      className={`mt-1 block text-xs empty:hidden ${problem === undefined ? 'text-ink-3' : 'text-bad'}`}
    >
      {problem ?? hint}
    </span>
  );
}
