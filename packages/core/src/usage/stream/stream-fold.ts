import type { CallFacts } from '../converter.js';
import type { UsageReading } from '../usage.js';

/**
 * Reads the usage of a streamed answer from its events, without keeping them. Every provider's counts
 * are cumulative, so a fold replaces what it knew and never adds (but for the answers of a Realtime
 * session, each counted once by its id): an event that arrives twice changes nothing.
 */
export interface StreamFold {
  /**
   * An event whose raw text contains none of these substrings may be skipped without parsing it. The
   * first event of a stream is worth adding always: it names the model and the answer's id even when
   * the stream then breaks off.
   */
  readonly markers: readonly string[];
  /** Takes the parsed JSON of one event's data. Ignores what it does not know. */
  add(event: unknown): void;
  /**
   * What is known after the events so far; may be called at any time and again later. A stream that
   * broke off gives `no_usage`, or counts with `partial` set where the provider had stated some.
   */
  finish(): UsageReading;
}

export type StreamFoldFactory = (call: CallFacts) => StreamFold;
