import { useMutation, useQueryClient } from '@tanstack/react-query';
import { trySink } from '../api/incidents-contract.js';
import { incidentKeys } from './incident-cache.js';

/** Sends a notice that is marked as a test, and says whether the other side took it. */
export function TrySink({ name }: { name: string }) {
  const client = useQueryClient();
  const trial = useMutation({
    mutationFn: () => trySink(name),
    onSettled: () => client.invalidateQueries({ queryKey: incidentKeys.alerts }),
  });
  const problem = trial.error?.message ?? (trial.data?.ok === false ? trial.data.problem : null);
  return (
    <>
      <button
        type="button"
        disabled={trial.isPending}
        onClick={() => trial.mutate()}
        aria-label={`Send a test to ${name}`}
        className="font-medium whitespace-nowrap text-accent-ink hover:underline disabled:opacity-60"
      >
        {trial.isPending ? 'Sending …' : 'Send a test'}
      </button>
      <span role="status" className="block max-w-64 text-xs break-words whitespace-normal">
        {problem !== null ? (
          <span className="text-bad">{problem}</span>
        ) : (
          trial.data?.ok === true && <span className="text-accent-ink">It was taken.</span>
        )}
      </span>
    </>
  );
}
