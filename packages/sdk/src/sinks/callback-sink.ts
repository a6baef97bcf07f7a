import type { Entry } from '@farthing/core';
import { noCounts, type Sink } from './sink.js';

/**
 * Hands every entry to a function of the application, some milliseconds after its call and outside of
 * the code that made it (its tags say what it belongs to). The function may answer with a promise, for which `flush`
 * waits; entries whose function throws or rejects count as dropped.
 * @param options.limit entries under way at most, so that a function that never ends costs bounded
 *   memory; what comes beyond is dropped and counted. Default 10,000.
 */
export function callbackSink(
  take: (entry: Entry) => unknown,
  { name = 'callback', limit = 10_000 }: { name?: string; limit?: number } = {},
): Sink {
  const report = noCounts();
  const underWay = new Set<Promise<void>>();
  let closed = false;
  const fail = (error: unknown) => {
    report.dropped++;
    report.failure = error instanceof Error ? error.message : String(error);
  };
  const done = () => {
    report.delivered++;
    report.failure = null;
  };
  const settle = async (answer: Promise<unknown>) => {
    try {
      await answer;
      done();
    } catch (error) {
      fail(error);
    }
  };
  return {
    name,
    inBatches: true,
    report,
    write(entry) {
      report.written++;
      if (closed) return fail('the sink is closed');
      if (underWay.size >= limit) return fail(`${limit} entries wait for the function already`);
      try {
        const answer = take(entry);
        if (!(answer instanceof Promise)) return done();
        const settled = settle(answer);
        underWay.add(settled);
        void settled.then(() => underWay.delete(settled));
      } catch (error) {
        fail(error);
      }
    },
    async flush() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    async close() {
      closed = true;
      await Promise.all(underWay);
    },
  };
}
