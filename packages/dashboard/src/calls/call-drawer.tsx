import { Dialog } from '@base-ui/react/dialog';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { fetchCall } from '../api/contract.js';
import { CopyButton } from '../controls/copy-button.js';
import { Failure } from '../controls/failure.js';
import { Cross } from '../controls/icons.js';
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
  const content = useRef<HTMLDivElement>(null);
  const { data, error, refetch } = useQuery({
    queryKey: ['call', id],
    queryFn: ({ signal }) => fetchCall(id as string, signal),
    enabled: id !== null,
    // A call never changes, but it may be adjusted.
    staleTime: 30_000,
  });
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-30 bg-[#0c110f]/30 transition-opacity duration-200 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Dialog.Popup
          initialFocus={content}
          className="fixed inset-y-0 right-0 z-40 flex w-full max-w-[34rem] flex-col border-l border-line-strong bg-surface shadow-float transition-transform duration-200 outline-none data-[ending-style]:translate-x-full data-[starting-style]:translate-x-full"
        >
          <div className="flex items-center gap-2 border-b border-line py-2 pr-2 pl-5 sm:pl-6">
            <Dialog.Title className="mr-auto text-base font-semibold">
              {data?.call.kind === 'adjustment' ? 'Adjustment' : 'Call'}
            </Dialog.Title>
            <CopyButton text={window.location.href} label="Copy link" />
            <Dialog.Close
              aria-label="Close"
              className="grid size-9 place-items-center rounded-md text-ink-2 hover:bg-sunk hover:text-ink"
            >
              <Cross />
            </Dialog.Close>
          </div>
          <div
            className="flex-1 overflow-y-auto overscroll-contain outline-none px-5 pt-5 pb-10 sm:px-6"
            ref={content}
            tabIndex={-1}
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
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
