import { RequestError } from '../api/http.js';

/** Why a change was not made, and what to do about it. Says nothing while there is no problem. */
export function Refused({ error }: { error: Error | null }) {
  if (error === null) return null;
  const status = error instanceof RequestError ? error.status : null;
  return (
    <div
      role="alert"
      className="rounded-md border border-bad/40 bg-bad-soft px-3 py-2 text-[0.8125rem] whitespace-pre-line text-bad"
    >
      {error.message} {adviceOn(status)}
      {status === 401 && (
        <button
          type="button"
          onClick={() => window.location.reload()}
          className="ml-1 font-medium underline underline-offset-2"
        >
          Sign in
        </button>
      )}
    </div>
  );
}

function adviceOn(status: number | null): string {
  switch (status) {
    case 401:
      return 'Nothing was changed. The token stands in the line that “farthing up” printed.';
    case 403:
      return 'Nothing was changed.';
    case 503:
      return 'Nothing was changed. Write it into farthing.yaml, or run “farthing budgets” where the data directory can be written.';
    default:
      return '';
  }
}
