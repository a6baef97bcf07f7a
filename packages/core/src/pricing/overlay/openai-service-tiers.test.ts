import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { emptyTokens, type TokenBuckets } from '../../usage/usage.js';
import { decimalOf, formatDecimal } from '../decimal.js';
import { defaultPriceBook } from '../snapshot/index.js';

interface TierRow {
  model: string;
  service_tier: 'standard' | 'batch' | 'flex' | 'priority';
  context_band: 'all' | 'lte-272k' | 'gt-272k';
  usd_per_mtok: Record<string, string>;
}

/** Two published price lists side by side; they lie beside the repository and are no part of it. */
const file = new URL('../../../../../../shared/reference/openai-tier-rates.json', import.meta.url);
const present = existsSync(file);
const rows: TierRow[] = present ? (JSON.parse(readFileSync(file, 'utf8')) as TierRow[]) : [];

/** Where the lists are not followed, and why. */
const deviations: Record<string, string> = {
  'gpt-3.5-turbo-16k': 'listed like gpt-3.5-turbo; OpenAI lists it like its only snapshot, -0613',
  'sora-2': 'listed at 0 per token; videos are billed by the second',
  'sora-2-pro': 'listed at 0 per token; videos are billed by the second',
};

/** The lists are of the days between two cuts of GPT-5.6. */
const at = '2026-08-20T12:00:00Z';
const book = defaultPriceBook();

function rateOf(row: TierRow, unit: string): string | undefined {
  const size = row.context_band === 'gt-272k' ? 272_001 : 1000;
  const tokens: TokenBuckets = { ...emptyTokens(), output: unit === 'output' ? 1 : 0 };
  if (unit === 'cache_read' || unit === 'cache_write') tokens[unit] = size;
  else tokens.input_uncached = size;
  const cost = book.price({
    provider: 'openai',
    api: 'chat.completions',
    model: row.model,
    at,
    reading: {
      status: 'ok',
      usage: {
        tokens,
        details: {},
        units: {},
        modifiers: { service_tier: row.service_tier },
        estimated: false,
        raw: null,
        notes: [],
      },
    },
  });
  const kind = unit === 'input' ? 'input_uncached' : unit;
  return cost.charges.find((charge) => charge.kind === kind)?.rate_usd;
}

/** As published: without the artefacts of floats (`0.5999999999999999`). */
function published(rate: string): string {
  return formatDecimal(decimalOf(String(Number(Number(rate).toFixed(9)))));
}

describe.skipIf(!present)(
  'published tier rates (needs ../shared/reference beside this repository)',
  () => {
    test('there are hundreds of them', () => {
      expect(rows.length).toBeGreaterThan(250);
    });

    test('every row has the rate that is charged, but for the named deviations', () => {
      const differences: Record<string, string> = {};
      for (const row of rows) {
        if (row.model in deviations) continue;
        for (const [unit, rate] of Object.entries(row.usd_per_mtok)) {
          const charged = rateOf(row, unit);
          if (charged === published(rate)) continue;
          const where = `${row.model} ${row.service_tier} ${row.context_band} ${unit}`;
          differences[where] = `${rate}, charged ${charged ?? 'nothing'}`;
        }
      }
      expect(differences).toEqual({});
    });
  },
);
