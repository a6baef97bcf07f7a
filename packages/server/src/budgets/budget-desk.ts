import { randomUUID } from 'node:crypto';
import {
  countedSpan,
  didYouMean,
  Estimator,
  examineBreakers,
  examineBudgets,
  FarthingError,
  formatUsd,
  readBudgets,
  readLimits,
  scopeKey,
  scopeOfAccount,
  windowLength,
  type BreakerRule,
  type BreakerStatus,
  type Budget,
  type BudgetMeasure,
  type DefinedBudget,
  type Restriction,
  type RestrictionsInForce,
  type StoppedRun,
  type TokenPriceQuestion,
  type TokenPrices,
} from '@farthing/core';
import type { Config } from '../config/index.js';
import type { RequestCounter } from '../count/index.js';
import { loadSecret } from '../privacy/secret.js';
import { Acknowledgements } from './acknowledgements.js';
import { appendLine } from './append-line.js';
import { readBreakers } from './breakers-file.js';
import { budgetFiles } from './budget-files.js';
import { budgetStatuses, type BudgetStatus } from './budget-status.js';
import type { StatedLimits, WithoutRecord } from './changes.js';
import { estimateRequest, type EstimateRequest, type RequestEstimate } from './estimate-request.js';
import { peekLearned } from './learned-file.js';
import { LiveDefinitions } from './live-definitions.js';
import { asRecorded } from './personal-scope.js';
import { presentBalances } from './present-balances.js';
import { findDecision, latestDecisions, type FoundDecision } from './read-decisions.js';
import {
  liftOrder,
  releaseOrder,
  restrictOrder,
  restrictionsAt,
  stopOrder,
  type RestrictionList,
  type RestrictionOrder,
  type StopOrder,
} from './restriction-orders.js';

export type { BudgetStatus } from './budget-status.js';
export type { EstimateRequest, ModelEstimate, RequestEstimate } from './estimate-request.js';
export type { FoundDecision } from './read-decisions.js';
export type { StatedLimits } from './changes.js';
export type { RestrictionList, RestrictionOrder, StopOrder } from './restriction-orders.js';

export interface BudgetList {
  /** When the balances were so. */
  as_of: string;
  /** Whether a gateway runs that keeps them. */
  live: boolean;
  shared: boolean;
  budgets: BudgetStatus[];
  /** Changes that cannot be used. */
  problems: string[];
  /** What else holds for calls. */
  restrictions: Restriction[];
  stopped_runs: StoppedRun[];
}

export interface BudgetView extends Omit<BudgetList, 'budgets' | keyof RestrictionList> {
  budget: BudgetStatus;
}

export interface BreakerView {
  name: string;
  scope: Record<string, string>;
  /** USD in the window that trip it. */
  limit: string;
  window_s: number;
  steps: string[];
  /** Those that are not closed. */
  tripped: {
    scope: Record<string, string>;
    state: BreakerStatus['state'];
    step: string | null;
    cause: string | null;
    since: string | null;
    until: string | null;
  }[];
}

/** Who did what, as it was recorded. */
export interface Recorded {
  id: string;
  recorded_at: string;
}

/** What commands and the API do about budgets. */
export interface BudgetAccess {
  list(): Promise<BudgetList>;
  /** One budget, with so many of its accounts, the fullest first. Throws `unknown_budget`. */
  show(name: string, most: number): Promise<BudgetView>;
  /** Throws `invalid_budgets`. */
  set(budget: Record<string, unknown>, by: string): Promise<Recorded>;
  /** Throws `unknown_budget`. */
  remove(name: string, by: string): Promise<Recorded>;
  pause(name: string, by: string): Promise<Recorded>;
  resume(name: string, by: string): Promise<Recorded>;
  /**
   * More for what is left of the window; with `account`, values of its scope, for that account alone.
   * Throws `unknown_budget`, `invalid_raise`.
   */
  raise(name: string, raise: Raise, by: string, account?: Account): Promise<Raising>;
  why(call: string): Promise<FoundDecision | null>;
  history(asked: HistoryQuestion): Promise<FoundDecision[]>;
  /** Throws `acknowledgement_refused`. */
  acknowledge(token: string, by: string): Promise<{ budgets: string[]; expires_at: string }>;
  breakers(): Promise<BreakerView[]>;
  /** Throws `unknown_breaker`. */
  trip(breaker: string, order: BreakerOrder, by: string): Promise<Recorded & { until: string }>;
  reset(breaker: string, order: BreakerOrder, by: string): Promise<Recorded>;
  /** What restricts calls beside budgets now, and which runs are stopped. */
  restrictions(): Promise<RestrictionList>;
  /** Calls of a scope have to put up with a step for a time. Throws `invalid_restriction`. */
  restrict(order: RestrictionOrder, by: string): Promise<Restriction>;
  /** Ends a restriction before its time. Throws `unknown_restriction`. */
  lift(id: string, by: string, note?: string): Promise<Recorded>;
  /** Refuses the calls of a run for a time. Throws `invalid_restriction`. */
  stopRun(run: string, order: StopOrder, by: string): Promise<StoppedRun>;
  /** Lets a stopped run go on. Throws `unknown_stopped_run`. */
  releaseRun(run: string, by: string, note?: string): Promise<Recorded>;
  /** Throws `invalid_request`, and `cannot_count` or `count_failed` where a provider was to count. */
  estimate(request: EstimateRequest): Promise<RequestEstimate>;
}

export interface HistoryQuestion {
  limit: number;
  budget?: string | undefined;
  outcome?: string | undefined;
}

/** Values of a scope: `{ user: 'ada' }`. Users may be named as callers name them. */
export type Account = Readonly<Record<string, string>>;

export interface Raising extends Recorded {
  until: string | null;
  /** The account as it stands in entries; null where the whole budget is raised. */
  account: Record<string, string> | null;
}

/** Limits to raise to, or amounts to raise by. */
export type Raise = { to: StatedLimits } | { by: StatedLimits };

export interface BreakerOrder {
  /** Of a breaker for each of its own: which one. All that are known when left out. */
  scope?: Record<string, string> | undefined;
  cause?: string | undefined;
  /** How long it stays tripped at least, in seconds. */
  seconds?: number | undefined;
}

export interface BudgetDeskOptions {
  dataDirectory: string;
  config: Pick<Config, 'budgets' | 'breakers' | 'privacy'>;
  tokenPrices: (question: TokenPriceQuestion) => TokenPrices | null;
  /** The provider that has the model; null when no price list has it. */
  providerOf(model: string): string | null;
  /** Counts the input of requests that are asked about; their size speaks for it without. */
  counter?: RequestCounter;
  now(): Date;
}

/** Budgets of a data directory, for those who are no gateway: reads its files, and appends changes. */
export class BudgetDesk implements BudgetAccess {
  readonly #options: BudgetDeskOptions;
  readonly #files: ReturnType<typeof budgetFiles>;
  readonly #rules: readonly BreakerRule[];

  constructor(options: BudgetDeskOptions) {
    this.#options = options;
    this.#files = budgetFiles(options.dataDirectory);
    const { budgets, breakers } = options.config;
    this.#rules = examineBreakers(breakers, examineBudgets(budgets).budgets).rules;
  }

  async list(): Promise<BudgetList> {
    const definitions = this.#definitions();
    const composed = definitions.at(this.#now());
    const { statuses, ...present } = await this.#statuses(composed.defined);
    return {
      ...present,
      budgets: statuses,
      problems: [...definitions.problems],
      ...restrictionsAt(composed),
    };
  }

  async show(name: string, most: number): Promise<BudgetView> {
    const { statuses, ...present } = await this.#statuses([this.#find(name)], most);
    return { ...present, budget: statuses[0]!, problems: [...this.#definitions().problems] };
  }

  async set(budget: Record<string, unknown>, by: string): Promise<Recorded> {
    const [read] = readBudgets([budget]);
    const scope = this.#asRecorded(read!.scope);
    return this.#record({ do: 'set', budget: { ...budget, scope } }, by);
  }

  async remove(name: string, by: string): Promise<Recorded> {
    this.#find(name);
    return this.#record({ do: 'remove', name }, by);
  }

  async pause(name: string, by: string): Promise<Recorded> {
    this.#find(name);
    return this.#record({ do: 'pause', name }, by);
  }

  async resume(name: string, by: string): Promise<Recorded> {
    this.#find(name);
    return this.#record({ do: 'resume', name }, by);
  }

  async raise(name: string, raise: Raise, by: string, account?: Account): Promise<Raising> {
    const { budget } = this.#find(name);
    const whose = account === undefined ? null : this.#accountOf(budget, account);
    const key = whose === null ? null : scopeKey(budget.scope, whose);
    const own = key === null ? undefined : budget.exceptions?.get(key);
    const limit = raisedLimit(name, { ...budget.limits, ...own }, raise);
    const { window } = budget;
    const now = this.#now();
    const { resetsAt } = countedSpan(window, now);
    // A rolling window has no end of its own: the raise holds for the length of one.
    const end = window.rolling ? now + windowLength(window) : resetsAt;
    const until = Number.isFinite(end) ? new Date(end).toISOString() : null;
    const change = { do: 'raise', name, limit, until } as const;
    const recorded = this.#record(whose === null ? change : { ...change, account: whose }, by);
    return { ...recorded, until, account: whose };
  }

  why(call: string): Promise<FoundDecision | null> {
    return findDecision(this.#files.decisions, call);
  }

  history({ limit, budget, outcome }: HistoryQuestion): Promise<FoundDecision[]> {
    return latestDecisions(this.#files.decisions, {
      limit,
      ...(budget === undefined ? {} : { budget }),
      ...(outcome === undefined ? {} : { outcome }),
    });
  }

  async acknowledge(token: string, by: string) {
    const { dataDirectory } = this.#options;
    const acknowledgements = new Acknowledgements({
      directory: this.#files.acknowledged,
      secret: () => loadSecret(dataDirectory),
      now: () => this.#now(),
    });
    return acknowledgements.confirm(token, by);
  }

  async breakers(): Promise<BreakerView[]> {
    const statuses = readBreakers(this.#files.directory);
    return this.#rules.map(({ name, scope, limit, windowMilliseconds, steps }) => ({
      name,
      scope: { ...scope },
      limit: formatUsd(limit),
      window_s: windowMilliseconds / 1_000,
      steps: [...steps],
      tripped: statuses
        .filter(({ rule }) => rule === name)
        .map(({ key, state, step, cause, since, until }) => ({
          scope: scopeOfAccount(key),
          state,
          step,
          cause,
          since: timeText(since),
          until: timeText(until),
        })),
    }));
  }

  async trip(breaker: string, { scope, cause, seconds }: BreakerOrder, by: string) {
    const rule = this.#findRule(breaker);
    const wait = seconds === undefined ? rule.coolDownMilliseconds : seconds * 1_000;
    const until = new Date(this.#now() + wait).toISOString();
    const key = keyOf(rule, scope && this.#asRecorded(scope));
    const recorded = this.#record(
      {
        do: 'trip',
        breaker,
        ...(key === undefined ? {} : { key }),
        cause: cause ?? `tripped by ${by}`,
        until,
      },
      by,
    );
    return { ...recorded, until };
  }

  async reset(breaker: string, { scope }: BreakerOrder, by: string): Promise<Recorded> {
    const key = keyOf(this.#findRule(breaker), scope && this.#asRecorded(scope));
    return this.#record({ do: 'reset', breaker, ...(key === undefined ? {} : { key }) }, by);
  }

  async restrictions(): Promise<RestrictionList> {
    return restrictionsAt(this.#inForce());
  }

  async restrict(order: RestrictionOrder, by: string): Promise<Restriction> {
    const scope = this.#asRecorded(order.scope);
    const { id } = this.#record(restrictOrder({ ...order, scope }, this.#now(), by), by);
    return this.#inForce().restrictions.find((known) => known.id === id)!;
  }

  async lift(id: string, by: string, note?: string): Promise<Recorded> {
    return this.#record(liftOrder(this.#inForce(), id, note), by);
  }

  async stopRun(run: string, order: StopOrder, by: string): Promise<StoppedRun> {
    const change = stopOrder(this.#runAsRecorded(run), order, this.#now(), by);
    this.#record(change, by);
    return this.#inForce().stoppedRuns.get(change.run)!;
  }

  async releaseRun(run: string, by: string, note?: string): Promise<Recorded> {
    const inForce = this.#inForce();
    return this.#record(releaseOrder(inForce, [run, this.#runAsRecorded(run)], note), by);
  }

  async estimate(request: EstimateRequest): Promise<RequestEstimate> {
    const { tokenPrices, providerOf } = this.#options;
    const estimator = new Estimator(tokenPrices, peekLearned(this.#files.learned));
    const { counter } = this.#options;
    return estimateRequest(request, { estimator, providerOf, counter, now: this.#now() });
  }

  async #statuses(defined: readonly DefinedBudget[], most?: number) {
    const now = this.#now();
    const budgets = defined.map(({ budget }) => budget);
    const present = await presentBalances(this.#options.dataDirectory, budgets, now);
    return {
      as_of: present.asOf,
      live: present.live,
      shared: present.shared,
      statuses: budgetStatuses(defined, present.accounts, now, most),
    };
  }

  /** Of a budget for each of its own: exactly one of them. */
  #accountOf({ name, scope }: Budget, account: Account): Record<string, string> {
    const each = Object.keys(scope).filter((dimension) => scope[dimension] === '*');
    const missing = each.filter((dimension) => account[dimension] === undefined);
    const foreign = Object.keys(account).filter((dimension) => !(dimension in scope));
    const example = each.map((dimension) => `${dimension}=…`).join(', ');
    if (each.length === 0 || missing.length > 0 || foreign.length > 0) {
      throw new FarthingError(
        'invalid_raise',
        each.length === 0
          ? `Budget "${name}" has one account: raise it without naming one.`
          : `Budget "${name}" is one for each ${each.join(' and ')}: name the account by ${example}.`,
      );
    }
    const whose = this.#asRecorded(account);
    if (scopeKey(scope, whose) !== null) return whose;
    throw new FarthingError('invalid_raise', `Budget "${name}" has no such account.`);
  }

  #asRecorded(scope: Account): Record<string, string> {
    const { dataDirectory, config } = this.#options;
    return asRecorded(scope, config.privacy, dataDirectory);
  }

  /** Where ids of runs are personal, whoever says the id means its pseudonym. */
  #runAsRecorded(run: string): string {
    return this.#asRecorded({ run })['run'] ?? run;
  }

  #inForce(): RestrictionsInForce {
    return this.#definitions().at(this.#now());
  }

  #now(): number {
    return this.#options.now().getTime();
  }

  #definitions(): LiveDefinitions {
    const { dataDirectory, config } = this.#options;
    const silent = { info: () => {}, warn: () => {}, error: () => {} };
    return new LiveDefinitions({
      dataDirectory,
      configured: config.budgets,
      log: silent,
      now: () => this.#now(),
      watch: false,
    });
  }

  #find(name: string): DefinedBudget {
    const { defined } = this.#definitions().at(this.#now());
    const found = defined.find(({ budget }) => budget.name === name);
    if (found !== undefined) return found;
    const known = defined.map(({ budget }) => budget.name);
    throw new FarthingError(
      'unknown_budget',
      `There is no budget "${name}".${didYouMean(name, known)}`,
    );
  }

  #findRule(name: string): BreakerRule {
    const found = this.#rules.find((rule) => rule.name === name);
    if (found !== undefined) return found;
    const known = this.#rules.map((rule) => rule.name);
    throw new FarthingError(
      'unknown_breaker',
      `There is no breaker "${name}".${didYouMean(name, known)} Breakers stand in farthing.yaml.`,
    );
  }

  #record(change: WithoutRecord, by: string): Recorded {
    const recorded = { id: randomUUID(), recorded_at: this.#options.now().toISOString() };
    appendLine(this.#files.changes, { ...recorded, recorded_by: by, ...change });
    return recorded;
  }
}

function raisedLimit(name: string, limits: Budget['limits'], raise: Raise): StatedLimits {
  const problems: string[] = [];
  const stated = readLimits('to' in raise ? raise.to : raise.by, problems);
  if (stated === null || Object.keys(stated).length === 0) {
    throw new FarthingError(
      'invalid_raise',
      problems[0]?.replace(/^budget "raise": `limit[^`]*` /, 'A raise ') ??
        'State what to raise: an amount in USD, tokens or calls.',
    );
  }
  const limit: StatedLimits = {};
  for (const [key, amount] of Object.entries(stated)) {
    const measure = key as BudgetMeasure;
    const present = limits[measure];
    if (present === undefined) {
      throw new FarthingError('invalid_raise', `Budget "${name}" has no limit in ${measure}.`);
    }
    const wanted = 'to' in raise ? amount : present + amount;
    if (wanted <= present) {
      throw new FarthingError(
        'invalid_raise',
        `Budget "${name}" has that much already: raise it above ${measure === 'usd' ? formatUsd(present) : present}, or set the budget anew to lower it.`,
      );
    }
    if (measure === 'usd') limit.usd = formatUsd(wanted);
    else limit[measure] = Number(wanted);
  }
  return limit;
}

function keyOf(
  { name, scope }: BreakerRule,
  values: Record<string, string> | undefined,
): string | undefined {
  if (values === undefined || Object.keys(values).length === 0) return undefined;
  const pairs = Object.entries(scope).map(([dimension, wanted]) => {
    const value = wanted === '*' ? values[dimension] : wanted;
    if (value !== undefined) return `${dimension}=${value}`;
    throw new FarthingError('usage', `Breaker "${name}" is one for each ${dimension}: name it.`);
  });
  return [name, ...pairs, 'total', 'usd'].join('\u001f');
}

function timeText(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
