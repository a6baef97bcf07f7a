import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isFields, type Fields } from '../usage/fields.js';
import { parseCorpus, settleCase, type ConformanceCase } from './cases/conformance-corpus.js';

/** The corpus lies beside the repository and is no part of it. */
const corpus = new URL('../../../../../shared/corpus/usage-conformance.jsonl', import.meta.url);
const present = existsSync(corpus);
const cases = present ? parseCorpus(readFileSync(corpus, 'utf8')) : [];

/** Every object within a payload, changed from the inside out. */
function inEvery(value: unknown, change: (fields: Fields) => Fields): unknown {
  if (Array.isArray(value)) return value.map((item) => inEvery(item, change));
  if (!isFields(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, inEvery(item, change)]);
  return change(Object.fromEntries(entries) as Fields);
}

const withUsage = (case_: ConformanceCase, usage: unknown) => ({ ...case_, usage });

function withEvents(case_: ConformanceCase, change: (event: unknown) => unknown[]) {
  const events = isFields(case_.usage) ? case_.usage['events'] : undefined;
  return Array.isArray(events) ? withUsage(case_, { events: events.flatMap(change) }) : case_;
}

const capitals = (value: unknown) =>
  typeof value === 'string' && !value.startsWith('<') ? value.toUpperCase() : value;

/** The same call, told in other words. */
const retellings: Record<string, (case_: ConformanceCase) => ConformanceCase> = {
  'keys in another order': (case_) =>
    withUsage(
      case_,
      inEvery(case_.usage, (fields) => Object.fromEntries(Object.entries(fields).toReversed())),
    ),
  'fields that nobody knows and that count nothing': (case_) =>
    withUsage(
      case_,
      inEvery(case_.usage, (fields) => ({
        ...fields,
        hologram: 'text',
        hologram_tokens: 0,
        hologram_details: null,
        hologram_mode: { on: true },
      })),
    ),
  'names in capitals': (case_) => ({
    ...case_,
    provider: case_.provider.toUpperCase(),
    model: case_.model.toUpperCase(),
    usage: inEvery(case_.usage, (fields) => ({
      ...fields,
      ...('model' in fields ? { model: capitals(fields['model']) } : {}),
      ...('modelVersion' in fields ? { modelVersion: capitals(fields['modelVersion']) } : {}),
    })),
  }),
  'the time in another zone': (case_) => {
    const shifted = new Date(Date.parse(case_.date) + 5.5 * 3_600_000).toISOString();
    return { ...case_, date: shifted.replace('Z', '+05:30') };
  },
  'every event twice': (case_) => withEvents(case_, (event) => [event, structuredClone(event)]),
  'foreign events between': (case_) =>
    withEvents(case_, (event) => [event, null, { type: 'ping' }, [], 'text']),
};

describe.skipIf(!present)(
  'the same call told otherwise costs the same (needs ../shared/corpus beside this repository)',
  () => {
    test.each(Object.entries(retellings))('%s', (_, retell) => {
      for (const case_ of cases) {
        const told = settleCase(case_);
        const retold = settleCase(retell(case_));
        const seen = ({ reading, cost }: typeof told) => ({
          id: case_.id,
          usd: cost.usd,
          status: cost.status,
          tokens: reading.status === 'ok' ? reading.usage.tokens : null,
          details: reading.status === 'ok' ? reading.usage.details : null,
          units: reading.status === 'ok' ? reading.usage.units : null,
        });
        expect(seen(retold)).toEqual(seen(told));
      }
    });
  },
);
