/** A beginning of a prompt that later prompts may share, and the input tokens up to its end. */
export interface PrefixMark {
  key: string;
  tokens: number;
}

/** One call as a prompt cache sees it. */
export interface CachedCall {
  /** When it began, in milliseconds. */
  at: number;
  /** Shortest first. */
  marks: readonly PrefixMark[];
  /** All input tokens. */
  input: number;
}

/** How a provider's cache works and what the caller asks of it. */
export interface CachePolicy {
  /** Milliseconds after its last use until a prefix is forgotten; each read renews it. */
  ttl: number;
  /** Prompts are cached from so many tokens on. */
  minimumTokens: number;
  /** Cached tokens are counted in steps of so many; default 1. */
  step?: number;
  /**
   * What is written: the whole prompt up to its last mark, only what was seen before (a prefix is worth its
   * write when it comes again: no call pays for what comes once), or nothing.
   */
  write: 'all' | 'second_sighting' | 'none';
}

/** Input tokens of one or of all calls, each in exactly one of the three. */
export interface CachedInput {
  read: number;
  written: number;
  plain: number;
}

/**
 * Plays calls through a prompt cache: each reads the longest prefix that is still known and, by its policy,
 * writes what is behind it. Calls must come in the order of their times. Takes time and memory in
 * proportion to their marks.
 */
export class CacheSimulation {
  readonly #policy: CachePolicy;
  readonly #until = new Map<string, number>();
  readonly #seen = new Set<string>();
  readonly total: CachedInput = { read: 0, written: 0, plain: 0 };

  constructor(policy: CachePolicy) {
    this.#policy = policy;
  }

  call({ at, marks, input }: CachedCall): CachedInput {
    const { ttl, minimumTokens, step = 1, write } = this.#policy;
    const known = this.#knownMarks(marks, at);
    const stepped = (count: number) => {
      const tokens = count === 0 ? 0 : marks[count - 1]!.tokens;
      return tokens < minimumTokens ? 0 : Math.floor(tokens / step) * step;
    };
    const read = stepped(known);
    const reach = this.#reach(marks, known);
    const end = write === 'none' ? known : reach;
    const written = Math.max(0, stepped(end) - read);
    const kept = read + written > 0 ? end : 0;
    for (let index = 0; index < kept; index++) this.#until.set(marks[index]!.key, at + ttl);
    if (write === 'second_sighting') for (const { key } of marks) this.#seen.add(key);
    const result = { read, written, plain: input - read - written };
    this.total.read += result.read;
    this.total.written += result.written;
    this.total.plain += result.plain;
    return result;
  }

  #knownMarks(marks: readonly PrefixMark[], at: number): number {
    // A long chain keeps few of its marks, so that an earlier one may be missing where a later is known.
    for (let count = marks.length; count > 0; count--) {
      if ((this.#until.get(marks[count - 1]!.key) ?? -Infinity) >= at) return count;
    }
    return 0;
  }

  /** Up to which mark the policy writes. */
  #reach(marks: readonly PrefixMark[], known: number): number {
    if (this.#policy.write !== 'second_sighting') return marks.length;
    let reach = known;
    while (reach < marks.length && this.#seen.has(marks[reach]!.key)) reach += 1;
    return reach;
  }
}

export function simulateCache(calls: Iterable<CachedCall>, policy: CachePolicy): CachedInput {
  const simulation = new CacheSimulation(policy);
  for (const call of calls) simulation.call(call);
  return simulation.total;
}

/** What input costs, relative to each other: any unit, also 1 for plain input. */
export interface InputRates {
  input: number;
  read: number;
  write: number;
}

/**
 * The part of the input cost that caching saves: reads at their discount, less what writes cost more
 * than plain input. Negative where caching costs money; 0 for no input.
 */
export function savedShare({ read, written, plain }: CachedInput, rates: InputRates): number {
  const full = (read + written + plain) * rates.input;
  if (full === 0) return 0;
  return (read * (rates.input - rates.read) - written * (rates.write - rates.input)) / full;
}

/**
 * How often a written token must be read for the write to pay: (p_write − p_in) / (p_in − p_read). Null
 * where reading costs no less than plain input, so that it never pays.
 */
export function breakEvenReads(rates: InputRates): number | null {
  const gain = rates.input - rates.read;
  return gain <= 0 ? null : Math.max(0, rates.write - rates.input) / gain;
}
