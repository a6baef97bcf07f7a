import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Search } from './view.js';

export type Choices<Name extends string> = Partial<Record<Name, string>>;

/**
 * Choices of one page beside the view, in the URL under names that no dimension has. What is set to
 * undefined or nothing goes back to its default.
 */
export function useChoices<Name extends string>(
  names: readonly Name[],
): [Choices<Name>, (part: { readonly [Each in Name]?: string | undefined }) => void] {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const choose = useCallback(
    (part: Readonly<Record<string, string | undefined>>) =>
      void navigate({
        to: '.',
        search: (current: Search) =>
          Object.fromEntries(
            Object.entries({ ...current, ...part }).filter(
              ([, value]) => value !== undefined && value !== '',
            ),
          ),
        resetScroll: false,
      } as never),
    [navigate],
  );
  const chosen = names.flatMap((name) => {
    const value = [search[name]].flat()[0];
    return value === undefined || value === '' ? [] : [[name, value]];
  });
  return [Object.fromEntries(chosen) as Choices<Name>, choose];
}
