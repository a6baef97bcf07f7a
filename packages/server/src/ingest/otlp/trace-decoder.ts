import type { ReceivedSpan } from './received-span.js';

/** Reads an export of traces piece by piece. Both methods throw for what is no such export. */
export interface TraceDecoder {
  /** The spans that are complete with these bytes. */
  push(bytes: Uint8Array): ReceivedSpan[];
  /** Says that nothing more comes. */
  end(): ReceivedSpan[];
}
