import {
  closeEntry,
  entrySchema,
  FarthingError,
  noEstimate,
  parseUsd,
  PriceBook,
  ruleLayer,
  toolUnitPrefix,
  type Entry,
  type Price,
} from '@farthing/core';
import type { Meter } from './call/meter.js';
import { emptyUsage } from './empty-usage.js';
import { uuidAt } from './uuid.js';

/** What a tool costs. */
export interface ToolTerms {
  /**
   * USD for `per` uses, as decimal text (`'0.01'`). Left out, the tool is priced by the price list,
   * which knows it from the section `tools` of farthing.yaml.
   */
  price?: string | undefined;
  /** Uses that the price is for. Default 1. */
  per?: number | undefined;
  /** Whether a use that failed is charged, too. Default false. */
  chargesFailures?: boolean | undefined;
}

/**
 * A function that works as before and books every use as one entry with a unit `tool:<name>`, under
 * the tags of the code that called it.
 * @internal
 */
export function meterTool<Arguments extends unknown[], Result>(
  meter: () => Meter,
  name: string,
  terms: ToolTerms,
  work: (...values: Arguments) => Result,
): (...values: Arguments) => Result {
  const own = priceOf(name, terms);
  return function metered(this: unknown, ...values: Arguments): Result {
    const began = performance.now();
    const startedAt = Date.now();
    const pipeline = meter();
    const tags = pipeline.tagsOf({});
    const book = (failed: boolean) => {
      const facts = { name, terms, startedAt, milliseconds: performance.now() - began, failed };
      pipeline.record(toolEntry(facts, own ?? pipeline.price, tags));
    };
    let result: Result;
    try {
      result = work.apply(this, values);
    } catch (error) {
      book(true);
      throw error;
    }
    if (!isPromise(result)) {
      book(false);
      return result;
    }
    return result.then(
      (value) => {
        book(false);
        return value;
      },
      (error: unknown) => {
        book(true);
        throw error;
      },
    ) as Result;
  };
}

interface ToolUse {
  name: string;
  terms: ToolTerms;
  startedAt: number;
  milliseconds: number;
  failed: boolean;
}

function toolEntry(use: ToolUse, price: Price, tags: Entry['tags']): Entry {
  const { name, terms, startedAt, milliseconds, failed } = use;
  const isCharged = !failed || terms.chargesFailures === true;
  return closeEntry(
    {
      type: 'opened',
      schema: entrySchema,
      id: uuidAt(startedAt),
      source: 'sdk',
      started_at: new Date(startedAt).toISOString(),
      provider: 'tools',
      api: 'tool',
      stream: false,
      model_requested: name,
      attempt: 1,
      estimate: noEstimate,
      tags,
    },
    {
      outcome: failed ? 'error' : 'ok',
      reading: isCharged
        ? { status: 'ok', usage: { ...emptyUsage(), units: { [`${toolUnitPrefix}${name}`]: 1 } } }
        : { status: 'not_billed', reason: 'the tool failed' },
      httpStatus: null,
      errorType: failed ? 'tool_failed' : null,
      durationMilliseconds: Math.round(milliseconds),
      firstByteMilliseconds: null,
    },
    price,
  );
}

function priceOf(name: string, { price, per = 1 }: ToolTerms): Price | null {
  if (!/^[\w.:/-]{1,64}$/.test(name)) {
    throw new FarthingError(
      'tool_invalid',
      `The tool "${name}" needs a name of at most 64 letters, digits and _ . : / -`,
    );
  }
  if (price === undefined) return null;
  if (typeof price !== 'string' || !isUsd(price)) {
    throw new FarthingError(
      'tool_invalid',
      `\`price\` of the tool "${name}" must be USD as decimal text, e.g. '0.01'. Numbers are not taken: they cannot hold every amount exactly.`,
    );
  }
  if (!Number.isSafeInteger(per) || per < 1) {
    throw new FarthingError(
      'tool_invalid',
      `\`per\` of the tool "${name}" must be a whole number from 1: the uses that \`price\` is for.`,
    );
  }
  const tool = { name, price, per, source: 'meterTool' };
  const book = new PriceBook([ruleLayer('override', 'meterTool', [], [tool])]);
  return (call) => book.price(call);
}

function isUsd(text: string): boolean {
  try {
    return parseUsd(text) >= 0n;
  } catch {
    return false;
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && value instanceof Promise;
}
