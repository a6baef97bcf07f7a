import type { CallFacts, UsageConverter } from '../converter.js';
import type { UsageReading } from '../usage.js';
import type { StreamFold, StreamFoldFactory } from './stream-fold.js';

/** Folds streams that state their usage once, in an event that the API's own converter can read. */
export function foldLastUsage(
  convert: UsageConverter,
  markers: readonly string[],
): StreamFoldFactory {
  return (call: CallFacts): StreamFold => {
    let first: UsageReading | undefined;
    let last: UsageReading | undefined;
    return {
      markers,
      add(event) {
        const reading = convert(event, call);
        first ??= reading;
        if (reading.status !== 'no_usage' && statesUsage(event)) last = reading;
      },
      finish: () =>
        last ?? { ...nameOf(first), status: 'no_usage', reason: 'the stream carried no usage' },
    };
  };
}

/** An event that is no object is a broken event, not usage that contradicts itself. */
function statesUsage(event: unknown): boolean {
  return typeof event === 'object' && event !== null && !Array.isArray(event);
}

function nameOf(reading: UsageReading | undefined): { model?: string; response_id?: string } {
  const name: { model?: string; response_id?: string } = {};
  if (reading?.model !== undefined) name.model = reading.model;
  if (reading?.response_id !== undefined) name.response_id = reading.response_id;
  return name;
}
