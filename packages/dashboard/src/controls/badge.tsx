import type { ReactNode } from 'react';

export type Tone = 'calm' | 'good' | 'warn' | 'bad';

const tones: Record<Tone, string> = {
  calm: 'bg-sunk text-ink-2 ring-1 ring-line ring-inset',
  good: 'bg-accent-soft text-accent-ink',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
};

/** A state in a word or two. */
export function Badge({
  tone,
  title,
  children,
}: {
  tone: Tone;
  title?: string | undefined;
  children: ReactNode;
}) {
  return (
    <span
      title={title}
      className={`inline-block rounded px-1.5 py-0.5 text-xs font-medium whitespace-nowrap ${tones[tone]}`}
    >
      {children}
    </span>
  );
}
