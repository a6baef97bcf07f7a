import { useMemo, useRef } from 'react';

/**
 * Whether the reader is in the middle of the table: the pointer rests on it, the keyboard is in it,
 * or the page is scrolled down. New calls then wait instead of pushing the rows away.
 */
export function useHeld(open: boolean) {
  const table = useRef<HTMLDivElement>(null);
  const hovered = useRef(false);
  return useMemo(
    () => ({
      table,
      held: () =>
        open ||
        hovered.current ||
        window.scrollY > 120 ||
        table.current?.contains(document.activeElement) === true,
      onPointerEnter: (event: { pointerType: string }) => {
        hovered.current = event.pointerType === 'mouse';
      },
      onPointerLeave: () => {
        hovered.current = false;
      },
    }),
    [open],
  );
}
