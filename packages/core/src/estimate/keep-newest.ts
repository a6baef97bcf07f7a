/**
 * Keeps a value as the newest of a map; the oldest goes when there are too many. While there is plenty of room
 * the order does not matter yet, and moving a key to the end costs more than all else here.
 */
export function keepNewest<Value>(
  map: Map<string, Value>,
  key: string,
  value: Value,
  isNew: boolean,
  limit: number,
): void {
  if (!isNew) {
    if (map.size < limit / 2) return;
    map.delete(key);
  }
  map.set(key, value);
  if (map.size <= limit) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
