import { formatUsd, type Picodollars } from '../money.js';
import type { PriceRow } from '../pricing/charge.js';
import type { RateCell, SumCell } from './atoms.js';
import { adviceFor, type AdviceFacts } from './causes.js';
import { magnitude } from './rate.js';
import {
  reconciliationCauses,
  type ReconciliationCause,
  type ReconciliationCauseName,
} from './result.js';
import { claimsOf, compare } from './tally.js';
import { noTokens, type TokenCounts } from './token-kinds.js';

const mostDetails = 20;

interface Part {
  day: string;
  model: string | null;
  usd: Picodollars;
  gross: Picodollars;
  tokens: number;
  /** The words of the largest claim stand for the part. */
  note: string;
  noteSize: Picodollars;
  price: PriceRow | undefined;
}

interface Whole {
  usd: Picodollars;
  gross: Picodollars;
  tokens: TokenCounts;
  parts: Map<string, Part>;
}

/** The causes that explain anything, the weightiest first, each with its largest parts. */
export function summariseCauses(
  cells: readonly RateCell[],
  sums: Iterable<SumCell>,
  facts: Omit<AdviceFacts, 'model'>,
): ReconciliationCause[] {
  const wholes = new Map<ReconciliationCauseName, Whole>();
  for (const { claim, day, model, cell, atom } of claimsOf(cells, sums)) {
    let whole = wholes.get(claim.cause);
    if (whole === undefined) {
      whole = { usd: 0n, gross: 0n, tokens: noTokens(), parts: new Map() };
      wholes.set(claim.cause, whole);
    }
    const size = magnitude(claim.usd);
    whole.usd += claim.usd;
    whole.gross += size;
    if (atom !== undefined) whole.tokens[atom.kind] += claim.tokens;
    const key = `${day}\n${model}`;
    let part = whole.parts.get(key);
    if (part === undefined) {
      part = {
        day,
        model,
        usd: 0n,
        gross: 0n,
        tokens: 0,
        note: '',
        noteSize: -1n,
        price: undefined,
      };
      whole.parts.set(key, part);
    }
    part.usd += claim.usd;
    part.gross += size;
    part.tokens += claim.tokens;
    if (size > part.noteSize) {
      part.note = claim.note;
      part.noteSize = size;
      part.price = claim.cause === 'price' ? [...(cell?.prices.values() ?? [])][0] : undefined;
    }
  }
  return [...wholes.entries()]
    .sort(
      ([leftName, left], [rightName, right]) =>
        compare(right.gross, left.gross) ||
        reconciliationCauses.indexOf(leftName) - reconciliationCauses.indexOf(rightName),
    )
    .map(([cause, whole]) => describe(cause, whole, facts));
}

function describe(
  cause: ReconciliationCauseName,
  whole: Whole,
  facts: Omit<AdviceFacts, 'model'>,
): ReconciliationCause {
  const parts = [...whole.parts.values()].sort((left, right) => compare(right.gross, left.gross));
  const advice = adviceFor(cause, { ...facts, model: parts[0]?.model ?? null });
  return {
    cause,
    usd: formatUsd(whole.usd),
    title: advice.title,
    gross_usd: formatUsd(whole.gross),
    tokens: whole.tokens,
    details: parts.slice(0, mostDetails).map(({ day, model, usd, tokens, note, price }) => ({
      day,
      model,
      usd: formatUsd(usd),
      tokens,
      note,
      ...(price === undefined ? {} : { price }),
    })),
    next_step: advice.next_step,
    ...(advice.command === undefined ? {} : { command: advice.command }),
  };
}
