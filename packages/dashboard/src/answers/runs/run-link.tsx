import type { RunKind } from '@farthing/core';
import { Link } from '@tanstack/react-router';
import { carry, useView } from '../../view/use-view.js';

/** Leads to a run, session or trace as a tree; with another one beside it where one is chosen. */
export function RunLink({
  id,
  kind = 'run',
  against,
  className = 'font-medium break-all text-accent-ink underline decoration-accent-ink/40 underline-offset-[3px] hover:decoration-current',
}: {
  id: string;
  kind?: RunKind;
  against?: string | null;
  className?: string;
}) {
  const { view } = useView();
  const choices = {
    ...(kind === 'run' ? {} : { kind }),
    ...(against == null || against === id ? {} : { against }),
  };
  return (
    <Link
      to="/answers/runs/$id"
      params={{ id }}
      search={carry(view, { choices }) as never}
      className={className}
    >
      {id}
    </Link>
  );
}
