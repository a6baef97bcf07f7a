import type { AnswerBooks, CacheBooks, PriceBook } from '@farthing/core';
import type { BudgetAccess } from '../budgets/index.js';
import type { AnswerParameter, AnswerParameters } from './answer-parameters.js';

/** What answers are made from, in a control plane or in a command that opened the books itself. */
export interface AnswerSources {
  books: AnswerBooks & CacheBooks;
  /** The prices in force. */
  prices(): Promise<PriceBook>;
  /** Undefined where there is nothing to keep budgets in. */
  budgets(): Promise<BudgetAccess | undefined>;
  /** Calls further from their estimate have drifted (`drift.threshold`); undefined: the standard. */
  driftThreshold?: number | undefined;
  /** Where the product keeps what it was told, e.g. saved reports. */
  dataDirectory: string;
  now(): Date;
}

/**
 * One question that the product answers, stated once: `GET /api/v1/<name>` and `farthing <name>` are made
 * from it. Core makes the answer; this says which parameters it takes and what it is made from.
 */
export interface Answer<Request, Result> {
  /** Of the route and of the command, e.g. `drift`. */
  name: string;
  /** Below `/api/v1/`, where it is not the name, e.g. `runs/{id}`. */
  path?: string;
  /** One line for people. */
  summary: string;
  parameters: Readonly<Record<string, AnswerParameter>>;
  /** Throws `ParameterError`. Done before the books are opened: a typo should not cost a start. */
  read(parameters: AnswerParameters): Request;
  build(sources: AnswerSources, request: Request): Promise<Result>;
}
