import { randomUUID } from 'node:crypto';
import {
  countedSpan,
  didYouMean,
  Estimator,
  examineBreakers,
  examineBudgets,
  FarthingError,
  readBudgets,
  scopeKey,
  windowLength,
  type BreakerRule,
  type Budget,
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
import { appendLine } from '../files/append-line.js';
import { breakerKey, findBreaker, viewBreakers } from './breaker-orders.js';
import type {
  Account,
  BreakerOrder,
  BreakerView,
  BudgetAccess,
  BudgetList,
  BudgetView,
  HistoryQuestion,
  Raise,
  Raising,
  Recorded,
} from './budget-access.js';
import { budgetFiles } from './budget-files.js';
import { budgetStatuses } from './budget-status.js';
import type { WithoutRecord } from './changes.js';
import { estimateRequest, type EstimateRequest, type RequestEstimate } from './estimate-request.js';
import { peekLearned } from './learned-file.js';
import { LiveDefinitions } from './live-definitions.js';
import { asRecorded } from './personal-scope.js';
import { presentBalances } from './present-balances.js';
import { raisedLimit } from './raised-limit.js';
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
    return viewBreakers(this.#rules, this.#files.directory);
  }

  async trip(breaker: string, { scope, cause, seconds }: BreakerOrder, by: string) {
    const rule = findBreaker(this.#rules, breaker);
    const wait = seconds === undefined ? rule.coolDownMilliseconds : seconds * 1_000;
    const until = new Date(this.#now() + wait).toISOString();
    const key = breakerKey(rule, scope && this.#asRecorded(scope));
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
    const key = breakerKey(findBreaker(this.#rules, breaker), scope && this.#asRecorded(scope));
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

  #record(change: WithoutRecord, by: string): Recorded {
    const recorded = { id: randomUUID(), recorded_at: this.#options.now().toISOString() };
    const line = { ...recorded, recorded_by: by, ...change };
    appendLine(this.#files.changes, line, 'budgets_unwritable');
    return recorded;
  }
}
