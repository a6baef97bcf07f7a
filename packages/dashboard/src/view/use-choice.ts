import { useView } from './use-view.js';
import type { ChoiceName } from './view.js';

/**
 * One of a page's own choices, in the URL. What the URL says that is none of `values` counts as not
 * chosen; the first of them is the default and stands in no link.
 */
export function useChoice<Value extends string>(
  name: ChoiceName,
  values: readonly [Value, ...Value[]],
): [chosen: Value, choose: (value: Value) => void] {
  const [text, change] = useChoiceText(name);
  const [standard] = values;
  return [
    values.find((value) => value === text) ?? standard,
    (value) => change(value === standard ? null : value),
  ];
}

/** A choice that may be any text; null where nothing is chosen. */
export function useChoiceText(
  name: ChoiceName,
): [chosen: string | null, choose: (text: string | null) => void] {
  const { view, change } = useView();
  const { [name]: chosen, ...others } = view.choices;
  return [
    chosen ?? null,
    (text) => change({ choices: text === null ? others : { ...others, [name]: text } }),
  ];
}
