/** Of each feature and size, so many first calls are all taken apart. */
const firstCalls = 16;
/** Taking apart so many bytes may cost each call; larger requests are taken apart that much less often. */
const bytesPerCall = 512;
/** Larger requests are never taken apart: that would hold up other calls for milliseconds. */
const mostBytes = 1_048_576;
const mostGroups = 10_000;

/**
 * Chooses the calls whose prompt is taken apart, so that it costs a call about the same however large
 * requests are: the first of each feature and size, then one of as many as its size is times half a kilobyte.
 * Sizes go by powers of two. A chosen call stands for those that were passed over before it, so that sums
 * stay those of all calls.
 */
export class PromptSampler {
  readonly #groups = new Map<string, { seen: number; waiting: number }>();

  /** How many calls this one stands for, itself included; 0 when it is not to be taken apart. */
  choose(feature: string, bytes: number): number {
    if (bytes > mostBytes) return 0;
    const size = Math.max(0, Math.ceil(Math.log2(Math.max(bytes, 1) / bytesPerCall)));
    if (size === 0) return 1;
    const key = `${size}\u001f${feature}`;
    const group = this.#groups.get(key) ?? this.#add(key);
    group.seen += 1;
    group.waiting += 1;
    if (group.seen > firstCalls && group.waiting < 2 ** size) return 0;
    const standsFor = group.waiting;
    group.waiting = 0;
    return standsFor;
  }

  #add(key: string): { seen: number; waiting: number } {
    const group = { seen: 0, waiting: 0 };
    this.#groups.set(key, group);
    if (this.#groups.size > mostGroups) {
      const [oldest] = this.#groups.keys();
      this.#groups.delete(oldest!);
    }
    return group;
  }
}
