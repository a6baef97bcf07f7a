import { Check } from '../controls/icons.js';
import { Skeleton } from '../controls/skeleton.js';
import { watchedSentence } from './watched-words.js';
import { useAlerts } from './use-incidents.js';

/** Nothing is wrong, and what that rests on. */
export function AllQuiet() {
  const { data } = useAlerts();
  const isLearning = data?.state === 'learning';
  return (
    <div className="flex flex-col items-center border-t border-line px-4 py-10 text-center sm:px-6">
      <span className="grid size-9 place-items-center rounded-full bg-accent-soft text-accent-ink">
        <Check size={18} />
      </span>
      <p className="mt-3 text-[1.0625rem] font-semibold">
        {isLearning ? 'Nothing is wrong so far' : 'Nothing is wrong'}
      </p>
      <p className="mt-1 min-h-10 max-w-prose text-ink-2">
        {data === undefined ? <Skeleton className="h-4 w-80 max-w-full" /> : watchedSentence(data)}
      </p>
    </div>
  );
}
