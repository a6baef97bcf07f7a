import type { ReactNode } from 'react';

/** A titled block of the drawer. */
export function Block({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mt-7">
      <h3 className="mb-2 font-semibold">{title}</h3>
      {children}
    </section>
  );
}

export type Fact = [name: string, value: ReactNode];

export const isKnown = ([, value]: Fact): boolean =>
  value !== null && value !== undefined && value !== '';

/** Names and values, without those that are not known. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  const known = facts.filter(isKnown);
  return (
    <dl className="text-[0.8125rem]">
      {known.map(([name, value]) => (
        <div
          key={name}
          className="grid grid-cols-[9.5rem_minmax(0,1fr)] gap-3 border-t border-line py-1.5"
        >
          <dt className="text-ink-3">{name}</dt>
          <dd className="figure min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
