import { Dialog as Base } from '@base-ui/react/dialog';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent, ReactNode } from 'react';
import { refreshReports } from '../api/refresh.js';
import { Refused } from './refused.js';

/**
 * A question before something is changed. It stays open until the change is on record; what was
 * refused is said in it, and nothing that was typed is lost.
 */
export function ChangeDialog({
  title,
  open,
  onClose,
  confirm,
  severe = false,
  wide = false,
  work,
  explains = (error) => error,
  children,
}: {
  title: string;
  open: boolean;
  onClose: () => void;
  /** What the button says that does it. */
  confirm: string;
  /** Whether it takes something away. */
  severe?: boolean;
  wide?: boolean;
  /** Does it with what the form holds. */
  work: (form: FormData) => Promise<unknown>;
  /** What of an error is left to say here; null when it stands beside a field. */
  explains?: (error: Error) => Error | null;
  children: ReactNode;
}) {
  const client = useQueryClient();
  const change = useMutation({ mutationFn: work });
  const close = () => {
    change.reset();
    onClose();
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    await change.mutateAsync(new FormData(form)).then(
      () => {
        refreshReports(client);
        close();
      },
      // Said below, or beside the field that it is about: go there.
      () => requestAnimationFrame(() => wrong(form)?.focus()),
    );
  };
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && close()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-30 bg-[#0c110f]/40 transition-opacity duration-150 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Base.Popup
          className={`fixed top-1/2 left-1/2 z-40 max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-xl border border-line-strong bg-raised p-5 shadow-float outline-none sm:p-6 ${wide ? 'max-w-2xl' : 'max-w-md'}`}
        >
          <Base.Title className="text-base font-semibold break-words">{title}</Base.Title>
          <form onSubmit={(event) => void submit(event)} className="mt-2 space-y-4" noValidate>
            {children}
            <Refused error={change.error === null ? null : explains(change.error)} />
            <div className="flex justify-end gap-2 pt-1">
              <Base.Close className="h-9 rounded-md border border-line-strong bg-surface px-3.5 font-medium hover:bg-sunk">
                Cancel
              </Base.Close>
              <button
                type="submit"
                disabled={change.isPending}
                className={`h-9 rounded-md px-3.5 font-semibold hover:opacity-90 disabled:opacity-60 ${severe ? 'bg-bad text-surface' : 'bg-accent text-on-accent'}`}
              >
                {confirm}
              </button>
            </div>
          </form>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

const wrong = (form: HTMLElement) => form.querySelector<HTMLElement>('[aria-invalid="true"]');
