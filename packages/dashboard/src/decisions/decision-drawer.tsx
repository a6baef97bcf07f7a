import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fetchDecision } from '../api/budgets-contract.js';
import { Drawer } from '../controls/drawer.js';
import { Failure } from '../controls/failure.js';
import { Loading, Skeleton } from '../controls/skeleton.js';
import { DecisionDetails } from './decision-details.js';

/** Why a call was refused or changed, beside the list. */
export function DecisionDrawer({ call, onClose }: { call: string | null; onClose: () => void }) {
  // It keeps its content while it slides away.
  const [last, setLast] = useState(call);
  if (call !== null && call !== last) setLast(call);
  const { data, error, refetch } = useQuery({
    queryKey: ['decision', last],
    queryFn: ({ signal }) => fetchDecision(last as string, signal),
    enabled: last !== null,
    staleTime: 10_000,
  });
  return (
    <Drawer title="Why" open={call !== null} onClose={onClose}>
      {data ? (
        <DecisionDetails decision={data} />
      ) : error ? (
        <Failure what="this decision" error={error} retry={() => void refetch()} />
      ) : (
        <div className="space-y-4">
          <Loading what="the decision" />
          <Skeleton className="block h-8 w-64" />
          <Skeleton className="block h-40 w-full" />
        </div>
      )}
    </Drawer>
  );
}
