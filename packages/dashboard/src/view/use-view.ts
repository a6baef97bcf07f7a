import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { readView, writeView, type Search, type View } from './view.js';

/** The view in the URL, and a way to change it that the back button undoes. */
export function useView(): { view: View; change: (part: Partial<View>) => void } {
  const search = useSearch({ strict: false }) as Search;
  const view = useMemo(() => readView(search), [search]);
  const navigate = useNavigate();
  const change = useCallback(
    (part: Partial<View>) =>
      void navigate({
        to: '.',
        search: (current: Search) => writeView({ ...readView(current), ...part }),
        resetScroll: false,
      } as never),
    [navigate],
  );
  return { view, change };
}

/**
 * Search parameters that keep the reader's choices on another screen, without its open call, what
 * it alone lets choose and the time as known at: other screens show what is known now.
 */
export const carry = (view: View, part: Partial<View> = {}): Search =>
  writeView({ ...view, call: null, asOf: null, choices: {}, ...part });
