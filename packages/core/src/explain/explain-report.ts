import { formatUsd, type Picodollars } from '../money.js';
import { shareOf } from '../answer/index.js';
import { previousWindow } from '../report/previous-window.js';
import type { Dimension, Filter, Query, QueryResult, QueryRow, Window } from '../report/query.js';
import { findCauses, type Cause, type CauseKind } from './causes.js';
import { addCells } from './cell.js';
import { dateCause, type Onset } from './date-cause.js';
import { decompose, type Decomposition } from './decompose.js';
import { describeCause } from './describe-cause.js';
import { describeExplain } from './describe-explain.js';
import { noteGaps } from './note-gaps.js';
import { cellDimensions, cellMeasures, plainDimensions, readCells } from './read-cells.js';
import { stepsOf, type Step } from './steps.js';
import type { UnitQuantity } from './unit-quantity.js';

export interface ExplainRequest {
  /** The later window: the spend to explain. */
  window: Window;
  /** The window that it is compared with. Default: the one of the same length before it. */
  against?: Window;
  /** Whose causes are told: `feature`, `tenant`, `agent`, … */
  by: Dimension;
  filters?: Filter[];
  /** Most causes; the sum of the others is stated. */
  limit?: number;
}

/** One thing that happened and what it did to the spend. */
export interface ExplainedCause {
  kind: CauseKind;
  /** The leading dimension's value (null is unattributed); absent for what all groups have in common. */
  group?: string | null;
  amount_usd: string;
  /** Of the difference; null when that is nothing. Causes of both signs make shares beyond 1. */
  share: number | null;
  /** The provider and model that did most of it, where one did. */
  provider: string | null;
  model: string | null;
  /** The template that did most of it; null where none did, or where its calls name none. */
  template_version: string | null;
  /** When it set in; null where no moment stands out. */
  onset: Onset | null;
  quantity: UnitQuantity | null;
  contributors: {
    provider: string | null;
    model: string | null;
    /** Absent where the part is that of all templates together. */
    template_version?: string | null;
    amount_usd: string;
  }[];
  /** One clause for people. */
  summary: string;
}

export interface ExplainReport {
  /** One sentence for people. */
  summary: string;
  window: Window;
  against: Window;
  by: Dimension;
  before_usd: string;
  after_usd: string;
  difference_usd: string;
  /** 0.38 is 38 % up; null when nothing was spent before. */
  change: number | null;
  /** From `before_usd` to `after_usd` without a gap. */
  steps: Step[];
  /**
   * The largest first, but what set in at one moment before what drifted ({@link eventFirst}). Together with
   * `other_causes` they are the difference.
   */
  causes: ExplainedCause[];
  other_causes: { count: number; amount_usd: string };
  /** Calls of both windows whose cost is not known, and which are in no figure. */
  unpriced_calls: { before: number; after: number };
  notes: string[];
}

type Ask = (query: Query) => Promise<QueryResult>;

const mostRows = 100_000;
/** Dating takes a query each. */
const datedCauses = 5;
const mostContributors = 10;

/**
 * Why spend changed between two windows: its causes, which add up to the difference exactly, in the order of
 * their size, with who did it and when it set in. `ask` answers a query, from a store or over HTTP.
 */
export async function buildExplain(ask: Ask, request: ExplainRequest): Promise<ExplainReport> {
  const { window, by, filters = [], limit = 20 } = request;
  const against = request.against ?? previousWindow(window);
  const [rows, gaps] = await Promise.all([
    readBoth(ask, { window, against, by, filters }),
    noteGaps(ask, window, against),
  ]);
  const was = readCells(rows.before, by);
  const is = readCells(rows.after, by);
  const result = decompose(was, is);
  const all = findCauses(result);
  const shown = all.slice(0, limit);
  const onsets = await Promise.all(
    shown.map((cause, index) =>
      index < datedCauses
        ? dateCause(ask, cause, { by, filters, earlier: against, later: window })
        : null,
    ),
  );
  const { before, after } = result;
  const difference = after - before;
  const causes = eventFirst(
    shown.map((cause, index) => present(cause, onsets[index]!, difference, by)),
  );
  const others = all.slice(limit);
  const unpriced = { before: unpricedOf(result, 'was'), after: unpricedOf(result, 'is') };
  const calls = { before: callsOf(result, 'was'), after: callsOf(result, 'is') };
  return {
    summary: describeExplain({ before, after, calls, causes, unpriced }),
    window,
    against,
    by,
    before_usd: formatUsd(before),
    after_usd: formatUsd(after),
    difference_usd: formatUsd(difference),
    change: before > 0n ? shareOf(Number(difference), Number(before)) : null,
    steps: stepsOf(result.atoms, before, by),
    causes,
    other_causes: { count: others.length, amount_usd: formatUsd(sumOf(others)) },
    unpriced_calls: unpriced,
    notes: [...gaps, ...rows.notes, ...unpricedNotes(unpriced)],
  };
}

function present(
  cause: Cause,
  onset: Onset | null,
  difference: Picodollars,
  by: Dimension,
): ExplainedCause {
  const { kind, group, amount, model, template, quantity, contributors } = cause;
  return {
    kind,
    ...(group === undefined ? {} : { group }),
    amount_usd: formatUsd(amount),
    share: shareOf(Number(amount), Number(difference)),
    provider: model?.provider ?? null,
    model: model?.model ?? null,
    template_version: template ?? null,
    onset,
    quantity,
    contributors: contributors.slice(0, mostContributors).map((part) => ({
      provider: part.provider,
      model: part.model,
      ...(part.template === undefined ? {} : { template_version: part.template }),
      amount_usd: formatUsd(part.amount),
    })),
    summary: describeCause(cause, onset, by),
  };
}

/**
 * What set in at one moment happened; what has no date drifted, as all traffic does. So the largest cause with
 * a date goes first, where it is at least a third of the largest of all.
 */
function eventFirst(causes: ExplainedCause[]): ExplainedCause[] {
  const [largest] = causes;
  const event = causes.find(({ onset }) => onset !== null);
  if (largest === undefined || event === undefined) return causes;
  if (3 * Math.abs(Number(event.amount_usd)) < Math.abs(Number(largest.amount_usd))) return causes;
  return [event, ...causes.filter((cause) => cause !== event)];
}

interface Scope {
  window: Window;
  against: Window;
  by: Dimension;
  filters: Filter[];
}

/** Sums by tenant come from a roll-up with little else; from the calls they would take seconds. */
function isAboutTenants(by: Dimension, filters: readonly Filter[]): boolean {
  return [by, ...filters.map(({ dimension }) => dimension)].includes('tenant');
}

/**
 * The sums of both windows. By tenant there are no templates and no API in them. Where there are more groups
 * than one answer holds, templates are left out too; what is still cut off is said.
 */
async function readBoth(
  ask: Ask,
  { window, against, by, filters }: Scope,
): Promise<{ before: QueryRow[]; after: QueryRow[]; notes: string[] }> {
  const isPlain = isAboutTenants(by, filters);
  const read = async (dimensions: readonly Dimension[]) => {
    const query: Query = {
      measures: [...cellMeasures],
      dimensions: [...new Set([by, ...dimensions])],
      // What is passed through unmetered, outcomes of runs among it, is no call of a model.
      filters: isPlain
        ? filters
        : [...filters, { dimension: 'outcome', op: 'not_in', values: ['unmetered'] }],
      limit: mostRows,
    };
    const [before, after] = await Promise.all([
      ask({ ...query, window: against }),
      ask({ ...query, window }),
    ]);
    return { before: before.rows, after: after.rows, cut: before.truncated || after.truncated };
  };
  if (isPlain) return { ...(await read(plainDimensions)), notes: [] };
  const whole = await read([...cellDimensions, 'template_version']);
  if (!whole.cut) return { ...whole, notes: [] };
  const coarse = await read(cellDimensions);
  const notes = ['There are too many groups to tell templates apart.'];
  if (coarse.cut) {
    notes.push(
      `Only the ${mostRows.toLocaleString('en-US')} largest groups of each window are in these figures: choose a coarser dimension, or filter.`,
    );
  }
  return { ...coarse, notes };
}

function unpricedOf({ groups }: Decomposition, side: 'was' | 'is'): number {
  const { attempts, priced } = addCells(groups.map((group) => group[side]));
  return attempts - priced;
}

function callsOf({ groups }: Decomposition, side: 'was' | 'is'): number {
  return addCells(groups.map((group) => group[side])).attempts;
}

function unpricedNotes({ before, after }: { before: number; after: number }): string[] {
  if (before === 0 && after === 0) return [];
  return [
    `Calls without a known price are in none of these amounts: ${before.toLocaleString('en-US')} before, ${after.toLocaleString('en-US')} after. See "farthing prices missing".`,
  ];
}

function sumOf(causes: readonly Cause[]): Picodollars {
  return causes.reduce((sum, { amount }) => sum + amount, 0n);
}
