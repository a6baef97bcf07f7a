/** Items by a key of theirs, in the order in which they come. */
export function gatherBy<Item, Key>(
  items: Iterable<Item>,
  keyOf: (item: Item) => Key,
): Map<Key, Item[]> {
  const gathered = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const same = gathered.get(key);
    if (same === undefined) gathered.set(key, [item]);
    else same.push(item);
  }
  return gathered;
}
