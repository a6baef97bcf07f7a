import {
  closeEntry,
  readUsage,
  type Entry,
  type OpenedLine,
  type Price,
  type UsageReading,
} from '@farthing/core';
import { demoHistory, type DemoRecord } from '../demo/index.js';

/** The demo company's past month as ledger entries, priced as of each call's own time. */
export function* demoEntries(options: {
  until: number;
  price: Price;
  pseudonymize: (user: string) => string | null;
}): Generator<Entry> {
  let number = 0;
  for (const record of demoHistory({ seed: 'farthing', until: options.until })) {
    const opened = openedLine(record, demoId(record.at, number++), options.pseudonymize);
    yield closeEntry(opened, ending(record), options.price);
  }
}

function openedLine(
  record: DemoRecord,
  id: string,
  pseudonymize: (user: string) => string | null,
): OpenedLine {
  const { user, ...tags } = record.tags;
  const pseudonym = user === undefined ? null : pseudonymize(user);
  return {
    type: 'opened',
    schema: 1,
    id,
    source: 'demo',
    started_at: new Date(record.at).toISOString(),
    provider: record.provider,
    api: record.api,
    stream: record.stream,
    model_requested: record.modelRequested,
    attempt: record.attempt,
    estimate: { input_tokens: 0, output_tokens: 0, method: 'none' },
    tags: pseudonym === null ? tags : { ...tags, user: pseudonym },
  };
}

function ending(record: DemoRecord) {
  const reading: UsageReading =
    record.body === null
      ? { status: 'not_billed', reason: `the provider answered ${record.httpStatus}` }
      : readUsage({ provider: record.provider, api: record.api, payload: record.body });
  return {
    outcome: record.body === null ? ('error' as const) : ('ok' as const),
    reading,
    httpStatus: record.httpStatus,
    errorType: record.errorType,
    durationMilliseconds: Math.round(record.durationMs),
    firstByteMilliseconds: Math.round(record.firstByteMs),
  };
}

/** A UUID of version 7 made of the call's time and number: unique within the demo's history. */
function demoId(at: number, number: number): string {
  const time = Math.floor(at).toString(16).padStart(12, '0');
  const tail = number.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${tail}`;
}
