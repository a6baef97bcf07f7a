import type { CallRow } from '@farthing/core';
import { useQuery } from '@tanstack/react-query';
import { fetchDecision } from '../api/budgets-contract.js';
import { RequestError } from '../api/http.js';
import { Block } from '../calls/facts.js';
import { DecisionFacts } from './decision-details.js';
import { KindBadge } from './decision-line.js';
import { summaryOf } from './decision-words.js';

/** What budgets decided about a call that went out. Says nothing of one that they let pass as it was. */
export function DecisionOfCall({ call }: { call: CallRow }) {
  const asked = call.kind === 'call' && (call.source === 'gateway' || call.source === 'sdk');
  const { data } = useQuery({
    queryKey: ['decision-of', call.id],
    queryFn: ({ signal }) =>
      fetchDecision(call.id, signal).catch((error: unknown) => {
        if (error instanceof RequestError && error.status > 0) return null;
        throw error;
      }),
    enabled: asked,
    staleTime: 60_000,
  });
  if (!data) return null;
  return (
    <Block title="What budgets decided">
      <p className="flex flex-wrap items-center gap-2 text-[0.8125rem] text-ink-2">
        <KindBadge decision={data} /> {summaryOf(data)}
      </p>
      <details className="mt-2 text-[0.8125rem]">
        <summary className="w-fit font-medium text-accent-ink hover:underline">
          Every step and account
        </summary>
        <DecisionFacts decision={data} />
      </details>
    </Block>
  );
}
