import type { DailyWindow, PriceLayer, PriceRule, Rates, Threshold } from '../price-rows.js';
import type { RateUnit } from '../rate-units.js';
import { snapshotBook, snapshotFallbacks, snapshotText } from './data.js';

/** One model's prices as the snapshot stores them: one JSON line each. */
export interface SnapshotModel {
  provider: string;
  model: string;
  aliases?: string[];
  rows: SnapshotRow[];
}

/** A complete price list from a date on (or within daily hours), with its long-context bands. */
export interface SnapshotRow {
  from?: string;
  daily?: DailyWindow;
  rates: Partial<Record<RateUnit, string>>;
  above?: { threshold: Threshold; rates: Rates }[];
}

/** The snapshot's lines, unparsed. */
export function snapshotLines(): string[] {
  return snapshotText.split('\n').filter((line) => line !== '');
}

let linesByProvider: Map<string, string[]> | undefined;
let fallbacks: Record<string, readonly string[]> | undefined;

/**
 * The base of the price book: list prices published by the providers, as genai-prices collects them,
 * frozen at build time. A provider's lines are parsed when it is first asked for.
 */
export function snapshotLayer(): PriceLayer {
  return {
    kind: 'base',
    book: snapshotBook,
    rules: (provider) => providerLines(provider).flatMap(rulesOf),
    fallbacks: (provider) => fallbacksOf(provider),
  };
}

function fallbacksOf(provider: string): readonly string[] {
  fallbacks ??= JSON.parse(snapshotFallbacks) as Record<string, readonly string[]>;
  // Vertex sells what AI Studio sells, at the same list prices, and others' models besides.
  if (provider === 'google-vertex') return ['google', ...(fallbacks['google'] ?? [])];
  return Object.hasOwn(fallbacks, provider) ? (fallbacks[provider] ?? []) : [];
}

function providerLines(provider: string): readonly string[] {
  if (linesByProvider === undefined) {
    linesByProvider = new Map();
    for (const line of snapshotLines()) {
      const owner = /^\{"provider":"([^"]*)"/.exec(line)?.[1] ?? '';
      const lines = linesByProvider.get(owner);
      if (lines === undefined) linesByProvider.set(owner, [line]);
      else lines.push(line);
    }
  }
  return linesByProvider.get(provider) ?? [];
}

function rulesOf(line: string): PriceRule[] {
  const { provider, model, aliases, rows } = JSON.parse(line) as SnapshotModel;
  return rows.flatMap((row) => {
    const rule: PriceRule = {
      provider,
      model,
      ...(aliases === undefined ? {} : { aliases }),
      ...(row.from === undefined ? {} : { from: row.from }),
      ...(row.daily === undefined ? {} : { daily: row.daily }),
      source: snapshotBook,
    };
    const bands = (row.above ?? []).map(({ threshold, rates }) => ({ ...rule, threshold, rates }));
    return [{ ...rule, rates: row.rates, complete: true }, ...bands];
  });
}
