import { RequestError } from '../api/http.js';
import { Alert, Retry } from './icons.js';

/** Why something could not be shown, and a way to try again. */
export function Failure({ what, error, retry }: { what: string; error: Error; retry: () => void }) {
  const signedOut = error instanceof RequestError && error.status === 401;
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-6 py-10 text-center">
      <span className="text-bad">
        <Alert size={20} />
      </span>
      <div>
        <p className="font-semibold">
          {signedOut ? 'Your session has ended' : `Could not load ${what}`}
        </p>
        <p className="mx-auto mt-1 max-w-prose text-ink-2">{error.message}</p>
        {error instanceof RequestError && error.status > 0 && (
          <p className="mt-1 font-mono text-xs text-ink-3">
            {error.code} · HTTP {error.status}
          </p>
        )}
      </div>
      <button
        type="button"
        onClick={signedOut ? () => window.location.reload() : retry}
        className="flex h-8 items-center gap-1.5 rounded-md border border-line-strong bg-surface px-3 font-medium hover:bg-sunk"
      >
        <Retry />
        {signedOut ? 'Sign in' : 'Try again'}
      </button>
    </div>
  );
}

/** Over figures that are still shown although the latest refresh failed. */
export function StaleHint({
  error,
  updatedAt,
  retry,
}: {
  error: Error | null;
  updatedAt: string;
  retry: () => void;
}) {
  if (!error) return null;
  return (
    <p role="status" className="flex flex-wrap items-center gap-x-2 text-[0.8125rem] text-warn">
      <Alert />
      Not refreshed since {updatedAt}: {error.message}
      <button type="button" onClick={retry} className="font-medium underline underline-offset-2">
        Try again
      </button>
    </p>
  );
}
