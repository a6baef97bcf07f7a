import {
  composeBudgets,
  FarthingError,
  type BudgetChange,
  type ComposedBudgets,
  type DefinitionsInForce,
  type Restriction,
  type StoppedRun,
  type StatedLimits,
} from '@farthing/core';
import { backgroundTimer, environment, sayOnce } from '../platform.js';

export interface ControlPlaneBudgetsOptions {
  /** The address of the control plane. Default: FARTHING_URL. */
  url?: string | undefined;
  /** Its token, where it asks for one. Default: FARTHING_TOKEN. */
  token?: string | undefined;
  /** How often it is asked whether budgets have changed. Default 10,000 ms. */
  refreshMilliseconds?: number | undefined;
  /** How long an answer may take. Default 5,000 ms. */
  timeoutMilliseconds?: number | undefined;
}

/** Budgets that are defined elsewhere. */
export interface BudgetSource extends DefinitionsInForce {
  /** Ends the asking; what holds goes on. */
  close(): void;
}

/** Of `GET /api/v1/budgets`, what defines a budget. */
interface Listed {
  name: string;
  definition: Record<string, unknown>;
  paused: boolean;
  raised: Raise | null;
  raised_accounts: (Raise & { scope: Record<string, string> })[];
}

/** `GET /api/v1/budgets`, as far as it is used. */
interface Told {
  budgets: unknown;
  restrictions: Restriction[];
  stopped_runs: StoppedRun[];
}

interface Answer {
  listed: Listed[];
  /** What restricts calls beside budgets. */
  orders: BudgetChange[];
}

interface Raise {
  limit: StatedLimits;
  until: string | null;
}

/**
 * The budgets of a control plane, with what was raised and paused there, and what else restricts calls: a
 * run that was stopped there is stopped here. It is asked now and again every
 * few seconds, never by a call: while it cannot be reached, what held goes on. Definitions alone:
 * balances are this process's own, or in Redis.
 * @throws FarthingError `budgets_unreachable` where the first question has no answer, `budgets_invalid`
 * where the answer is none.
 */
export async function controlPlaneBudgets(
  options: ControlPlaneBudgetsOptions = {},
): Promise<BudgetSource> {
  const source = new ControlPlaneBudgets(options);
  await source.refresh();
  source.schedule();
  return source;
}

class ControlPlaneBudgets implements BudgetSource {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #every: number;
  readonly #patience: number;
  #listed: readonly Listed[] = [];
  #orders: readonly BudgetChange[] = [];
  /** What is compared to see whether something changed. */
  #text = '';
  #composed: ComposedBudgets | null = null;
  #timer: { clear(): void } | null = null;
  #isClosed = false;

  constructor(options: ControlPlaneBudgetsOptions) {
    const { refreshMilliseconds = 10_000, timeoutMilliseconds = 5_000 } = options;
    const url = options.url ?? environment('FARTHING_URL');
    if (url === undefined || !URL.canParse(url)) {
      throw new FarthingError(
        'budgets_unreachable',
        'Budgets are asked of a control plane, and its address is missing or none. Give `url`, or set FARTHING_URL, e.g. http://127.0.0.1:4142.',
      );
    }
    this.#url = new URL('/api/v1/budgets', url).href;
    const token = options.token ?? environment('FARTHING_TOKEN');
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.#every = refreshMilliseconds;
    this.#patience = timeoutMilliseconds;
  }

  at(time: number): ComposedBudgets {
    if (this.#composed === null || time >= this.#composed.nextChangeAt) {
      this.#composed = composeBudgets(
        this.#listed.map(({ definition }) => definition),
        [...this.#listed.flatMap(changesOf), ...this.#orders],
        time,
      );
      for (const problem of this.#composed.problems) sayOnce(`budgets: ${problem}`);
    }
    return this.#composed;
  }

  async refresh(): Promise<void> {
    const answer = await this.#ask();
    const text = JSON.stringify(answer);
    if (text === this.#text) return;
    this.#text = text;
    this.#listed = answer.listed;
    this.#orders = answer.orders;
    this.#composed = null;
  }

  schedule(): void {
    if (this.#isClosed) return;
    this.#timer = backgroundTimer(() => {
      void this.refresh()
        .catch((error: Error) => sayOnce(`${error.message} The budgets that held go on.`))
        .finally(() => this.schedule());
    }, this.#every);
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.clear();
  }

  async #ask(): Promise<Answer> {
    let answer: unknown;
    try {
      const signal = AbortSignal.timeout(this.#patience);
      const response = await fetch(this.#url, { headers: this.#headers, signal });
      if (!response.ok) throw new Error(`it answered ${response.status}`);
      answer = await response.json();
    } catch (error) {
      throw new FarthingError(
        'budgets_unreachable',
        `The control plane cannot be asked for its budgets at ${this.#url}: ${(error as Error).message}.`,
      );
    }
    // A control plane of an earlier version restricts nothing.
    const { budgets, restrictions = [], stopped_runs = [] } = (answer ?? {}) as Partial<Told>;
    if (Array.isArray(budgets) && budgets.every(isListed)) {
      const restricted = restrictions.map((one) => orderOf(one, 'restrict'));
      const stopped = stopped_runs.map((one) => orderOf(one, 'stop_run'));
      return { listed: budgets.map(definingFields), orders: [...restricted, ...stopped] };
    }
    throw new FarthingError(
      'budgets_invalid',
      `${this.#url} does not answer with definitions of budgets. Use a control plane of this version or a newer one.`,
    );
  }
}

function isListed(value: unknown): value is Listed {
  const { name, definition, raised_accounts: accounts } = (value ?? {}) as Partial<Listed>;
  return typeof name === 'string' && typeof definition === 'object' && Array.isArray(accounts);
}

/** Without what changes with every call: balances. */
function definingFields(listed: Listed): Listed {
  const { name, definition, paused, raised, raised_accounts } = listed;
  return { name, definition, paused, raised, raised_accounts };
}

function changesOf({ name, paused, raised, raised_accounts: accounts }: Listed): BudgetChange[] {
  const line = { id: name, recorded_at: '', recorded_by: 'the control plane', name };
  const changes: BudgetChange[] = [{ ...line, do: paused ? 'pause' : 'resume' }];
  if (raised !== null) changes.push({ ...line, do: 'raise', ...limitOf(raised) });
  for (const { scope, ...own } of accounts) {
    changes.push({ ...line, do: 'raise', account: scope, ...limitOf(own) });
  }
  return changes;
}

/** As it was ordered there. */
function orderOf(order: Restriction | StoppedRun, what: 'restrict' | 'stop_run'): BudgetChange {
  const { since, by, ...rest } = order;
  const stated = Object.entries(rest).filter(([, value]) => value !== null);
  const line = { ...Object.fromEntries(stated), do: what, recorded_at: since, recorded_by: by };
  return line as unknown as BudgetChange;
}

function limitOf({ limit, until }: Raise): Raise {
  return { limit, until };
}
