import type { SpanFacts } from '@farthing/core';

/**
 * Spans that came together, as the bytes that also lie on disk: outside of the heap and a fraction of what
 * they take as objects. They are unpacked when they are taken up, and again when their calls are booked.
 */
export class PackedSpans {
  readonly count: number;
  readonly #bytes: Buffer;

  constructor(spans: readonly SpanFacts[]) {
    this.count = spans.length;
    this.#bytes = Buffer.from(JSON.stringify(spans));
  }

  /** A JSON array. */
  get text(): string {
    return this.#bytes.toString('utf8');
  }

  unpack(): SpanFacts[] {
    return JSON.parse(this.text) as SpanFacts[];
  }
}
