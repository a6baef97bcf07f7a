import type { AnswerBooks } from '../answer/answer-books.js';
import { buildFrame, shareOf, shareOfCost, type AnswerFrame } from '../answer/frame.js';
import { formatUsd, parseUsd } from '../money.js';
import type { ModelName } from '../pricing/model-prices.js';
import type { PriceBook } from '../pricing/price-book.js';
import { groupKey } from '../report/group-key.js';
import type { Dimension, Filter, QueryRow, Window } from '../report/query.js';
import { featureFlag } from './command-words.js';
import { displayUsd } from './display-usd.js';
import { gatherCells } from './gather-cells.js';
import { RateLookup } from './model-rates.js';
import { perMonth } from './per-month.js';
import { repriceCell } from './reprice-cell.js';
import { Tally } from './tally.js';
import type { WhatIfFigures } from './what-if.js';
import { workRhythm, type WorkRhythm } from './work-rhythm.js';

export interface BatchableRequest {
  window: Window;
  filters?: Filter[];
  /** Work that costs less of all spend than this is not looked at. Default 0.01. */
  leastShare?: number;
  /** ISO 8601. */
  now: string;
}

/** Work that is done call by call, and that nobody seems to wait for. */
export interface BatchableWork extends WhatIfFigures {
  feature: string | null;
  models: ModelName[];
  /** `likely`: it comes at certain times; `possible`: all day long. */
  confidence: 'likely' | 'possible';
  evidence: {
    /** Parts of the calls, 0 to 1. */
    streamed: number;
    for_somebody: number;
    in_runs: number;
    duration_p95_ms: number | null;
    rhythm: WorkRhythm;
  };
  share_of_spend: number | null;
  monthly_savings_usd: string;
  /** What speaks for it and what against, each in a sentence. */
  signs: string[];
  risks: string[];
  sentence: string;
  command: string;
}

export interface Batchable {
  frame: AnswerFrame;
  summary: string;
  /** Likely ones first, the largest savings first among them. */
  work: BatchableWork[];
  savings_usd: string;
  monthly_savings_usd: string;
}

const mostRows = 100_000;
/** Of the calls of batchable work, so few may be streamed or made for somebody. */
const mostLive = 0.05;
const leastCalls = 20;

/**
 * Work that could be sent as batches at half the price (R33): calls that are not streamed and carry neither
 * user nor session, so that nobody is seen waiting for them; likely where they come in bursts or at certain
 * times. What providers charge for batches is taken from the price book; what is paid at batch rates
 * already saves nothing and is left out.
 */
export async function buildBatchable(
  books: Pick<AnswerBooks, 'query'>,
  prices: PriceBook,
  request: BatchableRequest,
): Promise<Batchable> {
  const { window, filters = [], now, leastShare = 0.01 } = request;
  const scope = { window, limit: mostRows };
  const ask = async (more: Parameters<AnswerBooks['query']>[0]) =>
    (await books.query({ ...scope, ...more })).rows;
  const only = (dimension: Dimension, set: boolean): Filter => ({
    dimension,
    op: set ? 'not_in' : 'in',
    values: [null],
  });
  const by: Dimension[] = ['feature'];
  const [frame, totals, streamed, alone, inRuns, waits] = await Promise.all([
    buildFrame(books, {
      window,
      filters,
      now,
      estimated: [
        'Whether somebody waits for an answer is not known: signs speak for it or against it.',
      ],
    }),
    ask({ measures: ['cost', 'calls'], dimensions: by, filters }),
    ask({
      measures: ['calls'],
      dimensions: by,
      filters: [...filters, { dimension: 'stream', op: 'in', values: ['true'] }],
    }),
    ask({
      measures: ['calls'],
      dimensions: by,
      filters: [...filters, only('user', false), only('session', false)],
    }),
    ask({ measures: ['calls'], dimensions: by, filters: [...filters, only('run', true)] }),
    ask({ measures: ['duration_p95'], dimensions: by, filters }),
  ]);
  const countIn = (rows: readonly QueryRow[]) => {
    const counts = new Map(rows.map((row) => [groupKey(row, by), Number(row['calls'] ?? 0)]));
    return (row: QueryRow) => counts.get(groupKey(row, by)) ?? 0;
  };
  const [streamedOf, aloneOf, runsOf] = [countIn(streamed), countIn(alone), countIn(inRuns)];
  const waitOf = new Map(
    waits.map((row) => [groupKey(row, by), row['duration_p95'] as number | null]),
  );
  const total = Number(frame.cost_usd ?? 0);
  const quiet = totals.filter((row) => {
    const calls = Number(row['calls'] ?? 0);
    return (
      calls >= leastCalls &&
      (shareOfCost(Number(row['cost'] ?? 0), total) ?? 0) >= leastShare &&
      streamedOf(row) <= mostLive * calls &&
      calls - aloneOf(row) <= mostLive * calls
    );
  });
  const named: Filter[] = [
    { dimension: 'feature', op: 'in', values: quiet.map((row) => row['feature'] as string | null) },
  ];
  const lookup = new RateLookup(prices);
  const [hours, { cells }] =
    quiet.length === 0
      ? [[], { cells: [] }]
      : await Promise.all([
          ask({
            measures: ['calls'],
            dimensions: by,
            filters: [...filters, ...named],
            bucket: 'hour',
          }),
          gatherCells(books, lookup, { by, window, filters: [...filters, ...named] }, () => []),
        ]);
  const work = quiet.flatMap((row): BatchableWork[] => {
    const tally = new Tally();
    for (const cell of cells) {
      if (cell.group['feature'] !== row['feature']) continue;
      const outcome = repriceCell(cell, { batch: true }, cell.source, {
        booked: lookup,
        wanted: lookup,
      });
      if (typeof outcome !== 'string') tally.add(cell, outcome);
    }
    const figures = tally.figures();
    if (parseUsd(figures.savings_usd.expected) <= 0n) return [];
    const calls = Number(row['calls']);
    const rhythm = workRhythm(
      hours.filter((each) => each['feature'] === row['feature']),
      window,
      now,
    );
    const evidence: BatchableWork['evidence'] = {
      streamed: shareOf(streamedOf(row), calls) ?? 0,
      for_somebody: shareOf(calls - aloneOf(row), calls) ?? 0,
      in_runs: shareOf(runsOf(row), calls) ?? 0,
      duration_p95_ms: waitOf.get(groupKey(row, by)) ?? null,
      rhythm,
    };
    const feature = row['feature'] === null ? null : String(row['feature']);
    const found = {
      feature,
      models: tally.row().models,
      confidence: rhythm.kind === 'steady' ? ('possible' as const) : ('likely' as const),
      ...figures,
      evidence,
      share_of_spend: shareOfCost(Number(figures.actual_usd), total),
      monthly_savings_usd: formatUsd(perMonth(parseUsd(figures.savings_usd.expected), window, now)),
      signs: signsOf(evidence),
      risks: risksOf(evidence),
      command: `farthing whatif --batch ${featureFlag(feature)}`,
    };
    return [{ ...found, sentence: sentenceOf(found) }];
  });
  work.sort(
    (a, b) =>
      Number(b.confidence === 'likely') - Number(a.confidence === 'likely') ||
      Number(b.savings_usd.expected) - Number(a.savings_usd.expected),
  );
  const saved = work.reduce((sum, each) => sum + parseUsd(each.savings_usd.expected), 0n);
  const monthly = formatUsd(perMonth(saved, window, now));
  return {
    frame,
    summary: summaryOf(work, monthly, frame.calls),
    work,
    savings_usd: formatUsd(saved),
    monthly_savings_usd: monthly,
  };
}

function signsOf({ rhythm, duration_p95_ms: wait }: BatchableWork['evidence']): string[] {
  const signs = ['Its answers are not streamed, and its calls carry neither user nor session.'];
  if (rhythm.sentence !== null) signs.push(rhythm.sentence);
  if (wait !== null && wait >= 10_000) {
    signs.push(`Callers put up with ${Math.round(wait / 1000)} s (P95).`);
  }
  return signs;
}

function risksOf({ in_runs: inRuns, rhythm }: BatchableWork['evidence']): string[] {
  const risks = ['Batches take up to 24 hours.'];
  if (inRuns > 0.5) {
    risks.push(
      'Its calls belong to runs: steps that need each other’s answers cannot be one batch.',
    );
  }
  if (rhythm.kind === 'steady') {
    risks.push('It comes all day long: somebody may be waiting behind an API that sets no user.');
  }
  return risks;
}

function sentenceOf({
  feature,
  savings_usd: saved,
  evidence,
}: Omit<BatchableWork, 'sentence'>): string {
  const name = feature === null ? 'Calls without a feature' : `\`${feature}\``;
  const rhythm = evidence.rhythm.short === null ? '' : `, ${evidence.rhythm.short},`;
  return `${name}${rhythm} could be sent as batches: nobody is seen waiting for it. That would have saved ${displayUsd(saved.expected)}.`;
}

function summaryOf(work: readonly BatchableWork[], monthly: string, calls: number): string {
  if (calls === 0) return 'There are no calls in this window.';
  const [first] = work;
  if (first === undefined) {
    return 'No work stands out as batchable: what costs enough is streamed, made for a user or session, already at batch rates, or has no batch price.';
  }
  const count = work.length;
  return `${count} ${count === 1 ? 'feature' : 'features'} could be sent as batches: about ${displayUsd(monthly)} a month. ${first.sentence}`;
}
