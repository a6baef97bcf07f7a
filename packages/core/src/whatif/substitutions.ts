import type { AnswerBooks } from '../answer/answer-books.js';
import { buildFrame, shareOf, shareOfCost, type AnswerFrame } from '../answer/frame.js';
import { formatUsd, parseUsd } from '../money.js';
import type { ModelName } from '../pricing/model-prices.js';
import type { PriceBook } from '../pricing/price-book.js';
import { askApart } from '../report/ask-apart.js';
import type { Dimension, Filter, QueryRow, Window } from '../report/query.js';
import { featureFlag, shellWord } from './command-words.js';
import { displayUsd } from './display-usd.js';
import { gatherCells, type Cell } from './gather-cells.js';
import { chooseSubstitute, type Choice, type FeatureFacts } from './choose-substitute.js';
import { modelFamily, type ModelClass } from './model-family.js';
import { RateLookup } from './model-rates.js';
import { perMonth } from './per-month.js';
import { isSameModel, repriceCell } from './reprice-cell.js';
import { defaultTaskRules, taskOf, type TaskRule, type TaskType } from './task-rules.js';
import { Tally } from './tally.js';
import type { WhatIfFigures } from './what-if.js';

export interface SubstitutionsRequest {
  window: Window;
  filters?: Filter[];
  /** A feature on a model that costs less of all spend than this is not looked at. Default 0.01. */
  leastShare?: number;
  /** Words of features' names that tell their tasks; default: {@link defaultTaskRules}. */
  taskRules?: readonly TaskRule[];
  /** What features do, where their names do not tell, by feature. */
  tasks?: Readonly<Record<string, TaskType>>;
  /** ISO 8601. */
  now: string;
}

/** A feature that a cheaper model of the same provider might serve as well. */
export interface Substitution extends WhatIfFigures {
  feature: string | null;
  from: ModelName & { class: ModelClass };
  to: ModelName & { class: ModelClass };
  /** Found by what the feature does (R30's rule), or by how its answers look. */
  basis: 'task' | 'data';
  task: TaskType | null;
  evidence: {
    output_p50: number | null;
    output_p95: number | null;
    /** Hidden reasoning as a part of all output. */
    reasoning_share: number | null;
    duration_p95_ms: number | null;
  };
  /** Of all spend in the window. */
  share_of_spend: number | null;
  /** Expected savings in 30 days, at the pace of the window. */
  monthly_savings_usd: string;
  /** So many answers to compare before: none worse among them means at most 3 % are, with 95 % confidence. */
  samples_to_check: number;
  risks: string[];
  sentence: string;
  /** The command that looks closer. */
  command: string;
}

export interface Substitutions {
  frame: AnswerFrame;
  summary: string;
  /** The largest expected savings first. */
  candidates: Substitution[];
  savings_usd: string;
  monthly_savings_usd: string;
}

const mostRows = 100_000;
/** Less is not worth a change of model. */
const leastSavings = 0.2;
/** The rule of three: with none in 100, no more than 3 in 100 with 95 % confidence. */
const samples = 100;
const leastCalls = 20;

/**
 * Features that a cheaper model of their own provider might serve as well, by the rule of the requirements
 * and by what their answers are like, with what that would save. Quality is not looked at: nothing here
 * has seen an answer.
 */
export async function buildSubstitutions(
  books: Pick<AnswerBooks, 'query'>,
  prices: PriceBook,
  request: SubstitutionsRequest,
): Promise<Substitutions> {
  const { window, filters = [], now, leastShare = 0.01 } = request;
  const scope = {
    dimensions: ['feature', 'provider', 'model'] as Dimension[],
    window,
    limit: mostRows,
  };
  const [frame, sums] = await Promise.all([
    buildFrame(books, {
      window,
      filters,
      now,
      estimated: [
        'Answers are taken to be as long on the other model as they were. Whether they are as good is not looked at.',
      ],
    }),
    books.query({ ...scope, measures: ['cost', 'calls'], filters: [...filters] }),
  ]);
  const total = Number(frame.cost_usd ?? 0);
  const at = window.to < now ? window.to : now;
  const isDear = dearModels(prices, at);
  const looked = sums.rows.filter((row) => {
    const share = shareOfCost(Number(row['cost'] ?? 0), total) ?? 0;
    return share >= leastShare && Number(row['calls'] ?? 0) >= leastCalls && isDear(row);
  });
  // Percentiles are read from the calls themselves: only those that may matter are.
  const stats =
    looked.length === 0
      ? []
      : (
          await askApart((query) => books.query(query), {
            ...scope,
            measures: [
              'cost',
              'calls',
              'tokens_output',
              'tokens_reasoning',
              'tokens_output_p50',
              'tokens_output_p95',
              'duration_p95',
            ],
            filters: [...filters, among('model', looked), among('feature', looked)],
          })
        ).rows;
  const choices = stats.flatMap((row): (Choice & { facts: FeatureFacts })[] => {
    const facts = factsOf(row, request);
    const share = shareOfCost(Number(row['cost'] ?? 0), total) ?? 0;
    if (facts === null || share < leastShare || facts.calls < leastCalls) return [];
    const choice = chooseSubstitute(facts, prices, at);
    return choice === null ? [] : [{ ...choice, facts }];
  });
  const candidates = await price(books, prices, request, choices, total);
  const saved = candidates.reduce((sum, { savings_usd: usd }) => sum + parseUsd(usd.expected), 0n);
  const monthly = formatUsd(perMonth(saved, window, now));
  return {
    frame,
    summary: summaryOf(candidates, monthly, frame.calls),
    candidates,
    savings_usd: formatUsd(saved),
    monthly_savings_usd: monthly,
  };
}

/** What is on a fast model already has nothing to go to. Each model is looked up once. */
function dearModels(prices: PriceBook, at: string): (row: QueryRow) => boolean {
  const known = new Map<string, boolean>();
  return (row) => {
    const model = { provider: String(row['provider'] ?? ''), model: String(row['model'] ?? '') };
    const key = `${model.provider}\n${model.model}`;
    const dear =
      known.get(key) ??
      modelFamily(prices, model, at).some(
        (member) => member.model === model.model && member.class !== 'fast',
      );
    known.set(key, dear);
    return dear;
  };
}

function among(dimension: Dimension, rows: readonly QueryRow[]): Filter {
  const values = new Set(rows.map((row) => row[dimension] as string | null));
  return { dimension, op: 'in', values: [...values] };
}

function factsOf(row: QueryRow, request: SubstitutionsRequest): FeatureFacts | null {
  const { taskRules = defaultTaskRules, tasks = {} } = request;
  if (row['model'] == null || row['provider'] == null) return null;
  const feature = row['feature'] == null ? null : String(row['feature']);
  const value = (name: string) => (row[name] == null ? null : Number(row[name]));
  const stated = feature !== null && Object.hasOwn(tasks, feature) ? tasks[feature]! : null;
  return {
    feature,
    model: { provider: String(row['provider']), model: String(row['model']) },
    calls: Number(row['calls'] ?? 0),
    task: stated ?? taskOf(feature, taskRules),
    outputP50: value('tokens_output_p50'),
    outputP95: value('tokens_output_p95'),
    reasoningShare: shareOf(value('tokens_reasoning') ?? 0, value('tokens_output') ?? 0),
    durationP95: value('duration_p95'),
  };
}

async function price(
  books: Pick<AnswerBooks, 'query'>,
  prices: PriceBook,
  { window, filters = [], now }: SubstitutionsRequest,
  choices: readonly (Choice & { facts: FeatureFacts })[],
  total: number,
): Promise<Substitution[]> {
  if (choices.length === 0) return [];
  const lookup = new RateLookup(prices);
  const { cells } = await gatherCells(
    books,
    lookup,
    { by: ['feature'], window, filters },
    (source) => choices.filter(({ from }) => isSameModel(from, source)).map(({ to }) => to),
  );
  const candidates = choices.flatMap((choice): Substitution[] => {
    const { facts, from, to } = choice;
    const tally = new Tally();
    for (const cell of cells) {
      if (!isOf(cell, facts)) continue;
      const outcome = repriceCell(cell, { model: to.model }, to, {
        booked: lookup,
        wanted: lookup,
      });
      if (typeof outcome !== 'string') tally.add(cell, outcome);
    }
    const figures = tally.figures();
    if (figures.savings_share === null || figures.savings_share < leastSavings) return [];
    const substitution = {
      feature: facts.feature,
      from,
      to,
      basis: choice.basis,
      task: facts.task,
      ...figures,
      evidence: {
        output_p50: facts.outputP50,
        output_p95: facts.outputP95,
        reasoning_share: facts.reasoningShare,
        duration_p95_ms: facts.durationP95,
      },
      share_of_spend: shareOfCost(Number(figures.actual_usd), total),
      monthly_savings_usd: formatUsd(perMonth(parseUsd(figures.savings_usd.expected), window, now)),
      samples_to_check: Math.min(samples, facts.calls),
      risks: risksOf(choice, facts),
      command: commandOf(facts.feature, to),
    };
    return [{ ...substitution, sentence: sentenceOf(substitution, choice.why) }];
  });
  return candidates.toSorted(
    (a, b) => Number(b.savings_usd.expected) - Number(a.savings_usd.expected),
  );
}

function isOf({ group, source }: Cell, { feature, model }: FeatureFacts): boolean {
  return (
    group['feature'] === feature &&
    source.provider === model.provider &&
    source.model === model.model
  );
}

function risksOf({ from, to }: Choice, facts: FeatureFacts): string[] {
  const risks = [
    `Check quality on ${Math.min(samples, facts.calls)} samples: none worse among 100 means that at most 3 % are, with 95 % confidence.`,
  ];
  if (from.class === 'frontier' && to.class === 'fast') {
    risks.push(
      'It is two steps down: difficult cases may need the model of before, e.g. as a fallback.',
    );
  }
  if ((facts.outputP95 ?? 0) > 1_000) {
    risks.push('Some answers are long: read those first, small models lose the thread there.');
  }
  return risks;
}

function sentenceOf(
  { feature, from, to, savings_usd: saved, savings_share: share }: Omit<Substitution, 'sentence'>,
  why: string,
): string {
  const name = feature === null ? 'Calls without a feature' : `\`${feature}\``;
  const percent = Math.round((share ?? 0) * 100);
  return `${name} could run on ${to.model} instead of ${from.model}: ${why}. That would have saved ${displayUsd(saved.expected)} (${percent} %).`;
}

function commandOf(feature: string | null, { provider, model }: ModelName): string {
  return `farthing whatif --model ${shellWord(`${provider}/${model}`)} ${featureFlag(feature)}`;
}

function summaryOf(candidates: readonly Substitution[], monthly: string, calls: number): string {
  if (calls === 0) return 'There are no calls in this window.';
  const [first] = candidates;
  if (first === undefined) {
    return 'No feature stands out: none on a dear model has a simple task or short answers without reasoning, and is worth a change.';
  }
  const count = candidates.length;
  return `${count} ${count === 1 ? 'feature' : 'features'} might do with a cheaper model: about ${displayUsd(monthly)} a month. ${first.sentence}`;
}
