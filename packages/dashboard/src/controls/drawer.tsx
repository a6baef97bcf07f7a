import { Dialog } from '@base-ui/react/dialog';
import { useRef, type ReactNode } from 'react';
import { CopyButton } from './copy-button.js';
import { Cross } from './icons.js';

/** Details beside what they belong to. Its content stands in the URL, so it can be linked to. */
export function Drawer({
  title,
  open,
  onClose,
  children,
}: {
  title: string;
  open: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  const content = useRef<HTMLDivElement>(null);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-30 bg-[#0c110f]/30 transition-opacity duration-200 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Dialog.Popup
          initialFocus={content}
          className="fixed inset-y-0 right-0 z-40 flex w-full max-w-[34rem] flex-col border-l border-line-strong bg-surface shadow-float transition-transform duration-200 outline-none data-[ending-style]:translate-x-full data-[starting-style]:translate-x-full"
        >
          <div className="flex items-center gap-2 border-b border-line py-2 pr-2 pl-5 sm:pl-6">
            <Dialog.Title className="mr-auto text-base font-semibold">{title}</Dialog.Title>
            <CopyButton text={window.location.href} label="Copy link" />
            <Dialog.Close
              aria-label="Close"
              className="grid size-9 place-items-center rounded-md text-ink-2 hover:bg-sunk hover:text-ink"
            >
              <Cross />
            </Dialog.Close>
          </div>
          <div
            className="flex-1 overflow-y-auto overscroll-contain px-5 pt-5 pb-10 outline-none sm:px-6"
            ref={content}
            tabIndex={-1}
          >
            {children}
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
