import {
  readSpan,
  readSpanTags,
  type Attributes,
  type ProtectTags,
  type SpanFacts,
} from '@farthing/core';
import type { PartialSuccess } from './answers.js';
import { checkSpan, type ReceivedSpan } from './received-span.js';

/** So many spans are handed on together: one line of the inbox, and one turn of the event loop. */
const spansOfPart = 500;

/** Reads the spans of one request, and counts those that cannot be taken. */
export class CheckedSpans {
  readonly #options: { protect: ProtectTags; now: () => number };
  readonly #reasons = new Map<string, number>();
  readonly #defaults = new WeakMap<Attributes, [string, string][]>();
  #received = 0;
  #rejected = 0;

  constructor(options: { protect: ProtectTags; now: () => number }) {
    this.#options = options;
  }

  /** What they say about calls and steps, in parts. */
  async *of(received: AsyncIterable<ReceivedSpan[]>): AsyncGenerator<SpanFacts[]> {
    const { now, protect } = this.#options;
    let part: SpanFacts[] = [];
    for await (const spans of received) {
      for (const one of spans) {
        this.#received++;
        const span = checkSpan(one, now());
        if (typeof span === 'string') {
          this.#rejected++;
          this.#reasons.set(span, (this.#reasons.get(span) ?? 0) + 1);
          continue;
        }
        part.push(readSpan(span, protect, (resource) => this.#defaultsOf(resource)));
        if (part.length < spansOfPart) continue;
        yield part;
        part = [];
      }
    }
    if (part.length > 0) yield part;
  }

  /** What to answer of those that were not taken; null when all were. */
  get partial(): PartialSuccess | null {
    if (this.#rejected === 0) return null;
    const told = [...this.#reasons].map(([reason, count]) => `${count}: ${reason}`).join('; ');
    return {
      rejected: this.#rejected,
      message: `Not taken: ${this.#rejected} of ${this.#received} spans. ${told}.`,
    };
  }

  /** Many spans have one resource: its tags are read once. */
  #defaultsOf(resource: Attributes): [string, string][] {
    let defaults = this.#defaults.get(resource);
    if (defaults === undefined) {
      defaults = readSpanTags(resource, this.#options.protect);
      this.#defaults.set(resource, defaults);
    }
    return defaults;
  }
}
