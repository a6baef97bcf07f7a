import { useQuery } from '@tanstack/react-query';
import { fetchCall } from '../api/contract.js';
import { Drawer } from '../controls/drawer.js';
import { Failure } from '../controls/failure.js';
import { Loading, Skeleton } from '../controls/skeleton.js';
import { CallDetails } from './call-details.js';

/** Every figure of one call, beside the table. */
export function CallDrawer({
  id,
  open,
  onClose,
}: {
  id: string | null;
  open: boolean;
  onClose: () => void;
}) {
  const { data, error, refetch } = useQuery({
    queryKey: ['call', id],
    queryFn: ({ signal }) => fetchCall(id as string, signal),
    enabled: id !== null,
    // A call never changes, but it may be adjusted.
    staleTime: 30_000,
  });
  return (
    <Drawer
      title={data?.call.kind === 'adjustment' ? 'Adjustment' : 'Call'}
      open={open}
      onClose={onClose}
    >
      {data ? (
        <CallDetails detail={data} />
      ) : error ? (
        <Failure what="this call" error={error} retry={() => void refetch()} />
      ) : (
        <div className="space-y-4">
          <Loading what="the call" />
          <Skeleton className="block h-10 w-40" />
          {Array.from({ length: 8 }, (_, index) => (
            <Skeleton key={index} className="block h-5 w-full" />
          ))}
        </div>
      )}
    </Drawer>
  );
}
