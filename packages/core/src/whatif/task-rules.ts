import type { ModelClass } from './model-family.js';

/** What a feature asks of a model. */
export const taskTypes = [
  'classification',
  'extraction',
  'routing',
  'summarisation',
  'generation',
  'conversation',
  'agent',
] as const;
export type TaskType = (typeof taskTypes)[number];

/** A task is taken from words in the name of the feature, unless somebody states it. */
export interface TaskRule {
  task: TaskType;
  /** Beginnings of the words of a name: `classif` matches `ticket-classifier`. */
  words: readonly string[];
}

/** The first rule with a word of the name decides. */
export const defaultTaskRules: readonly TaskRule[] = [
  { task: 'agent', words: ['agent', 'research', 'copilot', 'autopilot', 'planner'] },
  {
    task: 'classification',
    words: [
      'classif',
      'categor',
      'label',
      'intent',
      'sentiment',
      'moderat',
      'spam',
      'triage',
      'tagging',
      'tagger',
      'detect',
      'priorit',
      'scoring',
      'rating',
      'language-id',
    ],
  },
  {
    task: 'extraction',
    words: [
      'extract',
      'parse',
      'parsing',
      'parser',
      'entit',
      'field',
      'invoice',
      'receipt',
      'ocr',
      'metadata',
    ],
  },
  { task: 'routing', words: ['rout', 'dispatch', 'switch', 'gatekeep', 'selector'] },
  { task: 'summarisation', words: ['summar', 'digest', 'notes', 'abstract', 'tldr', 'recap'] },
  { task: 'conversation', words: ['chat', 'support', 'assist', 'conversation', 'bot', 'help'] },
  {
    task: 'generation',
    words: ['draft', 'write', 'writing', 'generat', 'compos', 'report', 'email', 'code', 'copy'],
  },
];

export function taskOf(
  feature: string | null,
  rules: readonly TaskRule[] = defaultTaskRules,
): TaskType | null {
  if (feature === null) return null;
  const words = feature
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z]+/);
  const found = rules.find((rule) =>
    rule.words.some((beginning) => words.some((word) => word.startsWith(beginning))),
  );
  return found?.task ?? null;
}

/** What is known of a task, for choosing a model. */
export interface TaskFacts {
  task: TaskType | null;
  requiresReasoning: boolean;
  /** So long answers are, in tokens: nearly all of them. */
  outputTokens: number;
  /** So long callers wait, in milliseconds. */
  latencyMilliseconds: number;
}

const simple: ReadonlySet<TaskType | null> = new Set(['classification', 'extraction', 'routing']);

/**
 * Which class of model a task needs, by the rule of the requirements (R30, `select_model_for_task`): simple
 * structured tasks without reasoning a fast one; short answers that may take a while a balanced one;
 * reasoning and long answers a frontier model; in doubt the middle. How long callers wait stands for what
 * they put up with.
 */
export function selectModelClass(facts: TaskFacts): ModelClass {
  const { task, requiresReasoning, outputTokens, latencyMilliseconds } = facts;
  if (simple.has(task) && !requiresReasoning) return 'fast';
  if (outputTokens < 500 && latencyMilliseconds > 2_000) return 'balanced';
  return requiresReasoning || outputTokens > 1_000 ? 'frontier' : 'balanced';
}
