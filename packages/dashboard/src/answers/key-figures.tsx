import type { ReactNode } from 'react';

export interface KeyFigure {
  label: string;
  value: ReactNode;
  /** What it is to be read beside. */
  note?: ReactNode;
}

/** The few figures of an answer that a reader takes away, the first of them large. */
export function KeyFigures({ figures }: { figures: readonly KeyFigure[] }) {
  return (
    <dl className="flex flex-wrap items-start gap-x-10 gap-y-4">
      {figures.map(({ label, value, note }, index) => (
        <div key={label} className="min-w-0">
          <dt className="text-[0.8125rem] text-ink-3">{label}</dt>
          <dd
            className={`figure font-semibold ${index === 0 ? 'text-[1.75rem] leading-tight' : 'text-lg leading-snug'}`}
          >
            {value}
          </dd>
          {note && <dd className="figure text-[0.8125rem] text-ink-2">{note}</dd>}
        </div>
      ))}
    </dl>
  );
}
