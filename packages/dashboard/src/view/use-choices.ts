import { useView } from './use-view.js';
import type { ChoiceName } from './view.js';

/**
 * Several of a page's own choices, which change together: those of a form. What is set to nothing
 * goes back to its default.
 */
export function useChoices<Name extends ChoiceName>(
  names: readonly Name[],
): [chosen: Partial<Record<Name, string>>, choose: (part: Partial<Record<Name, string>>) => void] {
  const { view, change } = useView();
  const chosen = Object.fromEntries(
    names.flatMap((name) => {
      const value = view.choices[name];
      return value ? [[name, value]] : [];
    }),
  );
  return [
    chosen as Partial<Record<Name, string>>,
    (part) => change({ choices: { ...view.choices, ...part } }),
  ];
}
