import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { CallContext } from '../usage/call-context.js';
import { readUsage } from '../usage/read-usage.js';
import type { Cost } from '../entry.js';
import { pricedModel } from './priced-model.js';
import { ruleLayer } from './price-rows.js';
import { readOverride } from './read-override.js';
import { defaultPriceBook } from './snapshot/index.js';

interface ConformanceCase {
  id: string;
  provider: string;
  model: string;
  api: string;
  date: string;
  context?: CallContext & { override?: unknown };
  usage: unknown;
  expected: { cost_usd: string | null; status: Cost['status'] } & Record<string, unknown>;
}

/** The corpus lies beside the repository and is no part of it. */
const corpus = new URL('../../../../../shared/corpus/usage-conformance.jsonl', import.meta.url);
const present = existsSync(corpus);

/** Cases that are not supported yet, by id. This list only ever shrinks. */
const unsupported: readonly string[] = [];

/** Names of the corpus for what has another name here. Everything else has its own. */
const notCounts = new Set(['cost_usd', 'status', 'cost_fraction', 'cost_rounding']);
const renderedElsewhere = new Set([
  'advisor_input',
  'advisor_output',
  'billed_audio_seconds',
  'cached_audio',
  'cached_text',
]);

const cases: ConformanceCase[] = present
  ? readFileSync(corpus, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as ConformanceCase)
  : [];

const list = defaultPriceBook();

describe.skipIf(!present)(
  'usage conformance (needs ../shared/corpus beside this repository)',
  () => {
    test('the corpus is not empty', () => {
      expect(cases.length).toBeGreaterThan(100);
    });

    for (const { id, provider, model, api, date, context, usage, expected } of cases) {
      test.skipIf(unsupported.includes(id))(`${id}: ${provider} ${api}`, () => {
        const facts = context === undefined ? {} : { context };
        const reading = readUsage({ provider, api, payload: usage, ...facts });
        const priced = pricedModel({ provider, requested: model, answered: reading.model });
        const subject = { provider, model };
        const book =
          context?.override === undefined
            ? list
            : defaultPriceBook([
                ruleLayer('override', 'context', readOverride(context.override, subject)),
              ]);
        const cost = book.price({ provider, api, model: priced, at: date, reading, ...facts });
        expect({ usd: cost.usd, status: cost.status, reason: cost.reason }).toMatchObject({
          usd: expected.cost_usd,
          status: expected.status,
        });
        const counted: Record<string, number> =
          reading.status === 'ok'
            ? {
                reasoning: 0,
                ...reading.usage.tokens,
                ...reading.usage.details,
                ...reading.usage.units,
              }
            : {};
        for (const [name, count] of Object.entries(expected)) {
          if (notCounts.has(name) || renderedElsewhere.has(name)) continue;
          expect(counted[name] ?? 0, name).toBe(count);
        }
      });
    }
  },
);
