import type { Breaker } from '../api/budgets-contract.js';
import { Failure } from '../controls/failure.js';
import { Skeleton } from '../controls/skeleton.js';
import { SnippetBox } from '../controls/snippet-box.js';
import { useNow } from '../controls/use-now.js';
import { plural } from '../figures/counts.js';
import { BreakerLine } from './breaker-line.js';
import { useBreakers } from './use-budgets.js';

/** What watches how fast a scope spends, and has taken a step or not. */
export function Breakers() {
  const { data, error, refetch } = useBreakers();
  const now = useNow(1_000);
  const breakers = data?.breakers;
  return (
    <section className="panel" aria-labelledby="breakers">
      <div className="px-4 py-4 sm:px-6">
        <h2 id="breakers" className="text-base font-semibold">
          Circuit breakers
        </h2>
        <p className="text-[0.8125rem] text-ink-2">
          {breakers === undefined ? <Skeleton className="h-4 w-64" /> : standing(breakers)}
        </p>
      </div>
      {error && !data && <Failure what="the breakers" error={error} retry={() => void refetch()} />}
      {breakers?.length === 0 && (
        <div className="border-t border-line px-4 py-5 sm:px-6">
          <p className="max-w-[44rem] text-ink-2">
            A breaker sees what spends too fast, long before a budget is used up, and takes one step
            after the other: a cheaper model, half the context, fewer calls, none.
          </p>
          <div className="mt-4 max-w-2xl">
            <SnippetBox
              place="farthing.yaml, then restart"
              code={`breakers:\n  - name: runaway agents\n    scope: { agent: '*' }\n    limit: 20\n    window: 10m\n    steps: [downgrade, truncate, throttle, block]\n    downgrade: [gpt-5.4, gpt-5.4-mini]\n    cool_down: 5m`}
            />
          </div>
        </div>
      )}
      <ul>
        {breakers?.map((breaker) => (
          <BreakerLine key={breaker.name} breaker={breaker} now={now} />
        ))}
      </ul>
    </section>
  );
}

function standing(breakers: readonly Breaker[]): string {
  if (breakers.length === 0) return 'There is none.';
  const tripped = breakers.reduce((sum, { tripped: those }) => sum + those.length, 0);
  return tripped === 0
    ? `${plural(breakers.length, 'breaker')}, closed: calls pass as they are.`
    : `${tripped} tripped, of ${plural(breakers.length, 'breaker')}.`;
}
