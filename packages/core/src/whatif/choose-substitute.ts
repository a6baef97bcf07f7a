import type { ModelName } from '../pricing/model-prices.js';
import type { PriceBook } from '../pricing/price-book.js';
import { modelClasses, modelFamily, type FamilyMember, type ModelClass } from './model-family.js';
import { selectModelClass, type TaskType } from './task-rules.js';

/** What is known of a feature on one model. Tokens and milliseconds; null where nothing was measured. */
export interface FeatureFacts {
  feature: string | null;
  model: ModelName;
  calls: number;
  task: TaskType | null;
  outputP50: number | null;
  outputP95: number | null;
  reasoningShare: number | null;
  durationP95: number | null;
}

export interface Choice {
  from: ModelName & { class: ModelClass };
  to: ModelName & { class: ModelClass };
  basis: 'task' | 'data';
  /** Half a sentence: "routing needs no frontier model". */
  why: string;
}

/** Answers of this length are labels and short fields, not texts. */
const labelTokens = 100;
/** From here on the rule calls for a frontier model. */
const longTokens = 1_000;
/** P95 ÷ median: answers that are all alike come from a task that is always the same. */
const evenLengths = 3;
/** A few tokens of reasoning are no reasoning. */
const leastReasoning = 0.02;

/**
 * A cheaper model of the same family for a feature, or null where nothing speaks for one. First by what the
 * feature does ({@link selectModelClass}); else, on a frontier model, by answers that are short, even and
 * without reasoning.
 */
export function chooseSubstitute(
  facts: FeatureFacts,
  prices: PriceBook,
  at: string,
): Choice | null {
  if (facts.outputP95 === null) return null;
  const family = modelFamily(prices, facts.model, at);
  const from = family.find(({ model }) => model === facts.model.model);
  if (from === undefined || from.class === 'fast') return null;
  const wanted = wantedClass(facts, from);
  if (wanted === null) return null;
  const to = memberOf(family, from, wanted.class);
  return to === null ? null : { from: named(from), to: named(to), ...wanted };
}

function wantedClass(
  { task, outputP50, outputP95, reasoningShare, durationP95 }: FeatureFacts,
  from: FamilyMember,
): { class: ModelClass; basis: Choice['basis']; why: string } | null {
  const reasons = (reasoningShare ?? 0) > leastReasoning;
  const longest = outputP95 ?? 0;
  const byTask = selectModelClass({
    task,
    requiresReasoning: reasons,
    outputTokens: longest,
    latencyMilliseconds: durationP95 ?? 0,
  });
  const lower = (a: ModelClass, b: ModelClass) => modelClasses.indexOf(a) < modelClasses.indexOf(b);
  if (byTask === 'fast' && lower(byTask, from.class)) {
    return {
      class: 'fast',
      basis: 'task',
      why: `${task} needs no ${from.class} model where nothing is reasoned`,
    };
  }
  if (from.class !== 'frontier' || reasons || task === 'agent') return null;
  const isEven = longest <= evenLengths * Math.max(outputP50 ?? 0, 1);
  if (longest <= labelTokens && isEven) {
    return {
      class: 'fast',
      basis: 'data',
      why: `95 in 100 of its answers have at most ${longest} tokens, all much alike and without reasoning`,
    };
  }
  if (lower(byTask, from.class) && longest <= longTokens) {
    return {
      class: byTask,
      basis: 'data',
      why: `nothing is reasoned, and 95 in 100 of its answers have at most ${longest} tokens`,
    };
  }
  return null;
}

/** The dearest of the class that is cheaper, which is the nearest in quality; else one of a lower class. */
function memberOf(
  family: readonly FamilyMember[],
  from: FamilyMember,
  wanted: ModelClass,
): FamilyMember | null {
  const cheaper = family.filter(({ blended }) => blended < from.blended);
  for (let place = modelClasses.indexOf(wanted); place >= 0; place--) {
    const found = cheaper.findLast((member) => member.class === modelClasses[place]);
    if (found !== undefined) return found;
  }
  return null;
}

function named({ provider, model, class: modelClass }: FamilyMember): Choice['from'] {
  return { provider, model, class: modelClass };
}
