import type { CallRow } from '@farthing/core';
import type { ListedCall } from '../api/contract.js';

const words: Record<CallRow['outcome'], string> = {
  ok: 'ok',
  error: 'error',
  aborted: 'client left',
  interrupted: 'cut off',
  unmetered: 'not metered',
};

/** How the call ended. An ordinary end stays quiet; on a phone it says nothing at all. */
export function OutcomeBadge({ call, quiet = false }: { call: ListedCall; quiet?: boolean }) {
  const { outcome, http_status: status, attempt } = call;
  const { cost_status } = call.restated ?? call;
  if (call.kind === 'adjustment')
    return (
      <span className="rounded bg-accent-soft px-1.5 py-0.5 text-xs font-medium text-accent-ink">
        adjustment
      </span>
    );
  const notes: string[] = [];
  if (attempt > 1) notes.push(`attempt ${attempt}`);
  if (cost_status === 'partial') notes.push('partly priced');
  if (call.restated) notes.push('adjusted');
  if (call.usage_estimated) notes.push('estimated');
  const note = notes.length > 0 && <span className="text-ink-3"> {notes.join(', ')}</span>;
  if (outcome === 'ok')
    return quiet && notes.length === 0 ? null : (
      <span className="text-ink-3">
        {quiet ? '' : 'ok'}
        {note}
      </span>
    );
  const bad = outcome === 'error';
  return (
    <span>
      <span
        className={`rounded px-1.5 py-0.5 text-xs font-medium ${bad ? 'bg-bad-soft text-bad' : 'bg-warn-soft text-warn'}`}
      >
        {words[outcome]}
        {bad && status !== null ? ` ${status}` : ''}
      </span>
      {note}
    </span>
  );
}
