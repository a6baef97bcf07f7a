import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseCorpus, settleCase } from './cases/conformance-corpus.js';

/** The corpus lies beside the repository and is no part of it. */
const corpus = new URL('../../../../../shared/corpus/usage-conformance.jsonl', import.meta.url);
const present = existsSync(corpus);
const cases = present ? parseCorpus(readFileSync(corpus, 'utf8')) : [];

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

describe.skipIf(!present)(
  'usage conformance (needs ../shared/corpus beside this repository)',
  () => {
    test('the corpus is not empty', () => {
      expect(cases.length).toBeGreaterThan(100);
    });

    for (const case_ of cases) {
      const { id, provider, api, expected } = case_;
      test.skipIf(unsupported.includes(id))(`${id}: ${provider} ${api}`, () => {
        const { reading, cost } = settleCase(case_);
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
