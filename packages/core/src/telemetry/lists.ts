/**
 * Lists by a key. Most keys have one value, which is held as it is: of many thousands of keys, lists and
 * maps would take more memory than what they hold.
 */
export class Lists<Value extends object | string> {
  #lists: Map<string, Value | Value[]> | null = null;

  of(key: string): readonly Value[] {
    const found = this.#lists?.get(key);
    if (found === undefined) return none;
    return Array.isArray(found) ? found : [found];
  }

  add(key: string, value: Value): void {
    this.#lists ??= new Map();
    const found = this.#lists.get(key);
    if (found === undefined) this.#lists.set(key, value);
    else if (Array.isArray(found)) found.push(value);
    else this.#lists.set(key, [found, value]);
  }

  remove(key: string, value: Value): void {
    const found = this.#lists?.get(key);
    if (found === value) this.#lists!.delete(key);
    if (!Array.isArray(found)) return;
    const index = found.indexOf(value);
    if (index >= 0) found.splice(index, 1);
    if (found.length === 0) this.#lists!.delete(key);
  }
}

/** A map that is no map yet while it holds one value, as most do of which there are many thousands. */
export class SmallMap<Value> {
  #key: string | null = null;
  #value: Value | undefined;
  #map: Map<string, Value> | null = null;

  get size(): number {
    return this.#map?.size ?? (this.#key === null ? 0 : 1);
  }

  get(key: string): Value | undefined {
    if (this.#map !== null) return this.#map.get(key);
    return this.#key === key ? this.#value : undefined;
  }

  set(key: string, value: Value): void {
    if (this.#map !== null) this.#map.set(key, value);
    else if (this.#key === null || this.#key === key) {
      this.#key = key;
      this.#value = value;
    } else {
      this.#map = new Map([
        [this.#key, this.#value as Value],
        [key, value],
      ]);
      this.#value = undefined;
    }
  }

  *values(): Generator<Value> {
    if (this.#map !== null) yield* this.#map.values();
    else if (this.#key !== null) yield this.#value as Value;
  }
}

/** A list with one more value. The first one makes a list of one: `push` on an empty one would hold sixteen. */
export function append<Value>(list: Value[] | null, value: Value): Value[] {
  if (list === null) return [value];
  list.push(value);
  return list;
}

const none: readonly never[] = [];
