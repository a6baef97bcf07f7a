import { FarthingError } from '../errors.js';
import { didYouMean } from '../suggest.js';
import { isFields, type Fields } from '../usage/fields.js';
import {
  budgetActions,
  budgetMeasures,
  holdPolicies,
  type Amounts,
  type Budget,
  type BudgetAction,
  type CallLimits,
  type UnavailablePolicy,
} from './budget.js';
import { windowUnits, type BudgetWindow, type WindowUnit } from './budget-window.js';
import {
  DefinitionReader,
  examineList,
  positiveUsd,
  type BudgetProblem,
} from './definition-reader.js';

export { scopeDimensions, type BudgetProblem } from './definition-reader.js';

/** What other tools call these actions. */
const actionSynonyms: Readonly<Record<string, BudgetAction>> = {
  log_only: 'warn',
  allow: 'warn',
  block_and_alert: 'block',
  reject: 'block',
};

const callKeys = ['warn', 'max', 'input_tokens', 'output_tokens'];

const keys = [
  'name',
  'scope',
  'limit',
  'window',
  'soft',
  'call',
  'actions',
  'action',
  'downgrade',
  'hold',
  'least_output',
  'unavailable',
  'paused',
];

/**
 * Reads budgets as they stand in farthing.yaml or come over HTTP (the shape: docs/budgets.md).
 * Throws `invalid_budgets` whose message lists every problem: the budget, the field, the fix.
 */
export function readBudgets(value: unknown): Budget[] {
  const { budgets, problems } = examineBudgets(value);
  if (problems.length > 0) {
    const messages = problems.map(({ message }) => message);
    throw new FarthingError('invalid_budgets', messages.join('\n'));
  }
  return budgets;
}

/** Like {@link readBudgets}, but hands out the problems beside the budgets that are right. */
export function examineBudgets(value: unknown): { budgets: Budget[]; problems: BudgetProblem[] } {
  const { definitions, problems } = examineList(
    value,
    'budget',
    (item, index) => new BudgetReader(item, index),
  );
  return { budgets: definitions, problems };
}

class BudgetReader extends DefinitionReader<Budget> {
  constructor(item: unknown, index: number) {
    super(item, index, 'budget');
  }

  read(): Budget | null {
    if (this.problems.length > 0) return null;
    this.refuseUnknown(keys);
    // Without a limit of a window there are those of a single call.
    const limitless = this.fields['limit'] === undefined && isFields(this.fields['call']);
    const limits = limitless ? {} : this.#limits('limit', this.fields['limit']);
    const window = this.#window();
    const actions = this.#actions();
    const budget: Budget = {
      name: this.name(),
      scope: this.#scope(),
      window,
      limits,
      softShare: this.#soft(),
      call: this.#call(limits),
      actions,
      downgrades: this.#downgrades(actions),
      hold: this.#oneOf('hold', holdPolicies, 'clamp'),
      leastOutput: this.#leastOutput(),
      unavailable: this.#unavailable(limits),
      paused: this.#flag('paused'),
    };
    return this.problems.length > 0 ? null : budget;
  }

  #scope(): Record<string, string> {
    return this.scope(
      this.fields['scope'] ?? {},
      '{ feature: search } or { user: "*" }',
      ' Custom tags are written tag:<name>',
    );
  }

  #limits(field: string, stated: unknown): Partial<Amounts> {
    const amounts: Fields = isFields(stated) ? stated : { usd: stated };
    const limits: Partial<Record<keyof Amounts, bigint>> = {};
    for (const [measure, amount] of Object.entries(amounts)) {
      if (!(budgetMeasures as readonly string[]).includes(measure)) {
        this.problem(`${field}.${measure}`, 'is no measure: use usd, tokens or calls');
      } else if (measure === 'usd') {
        const usd = this.#usd(field, amount);
        if (usd !== undefined) limits.usd = usd;
      } else if (Number.isSafeInteger(amount) && (amount as number) > 0) {
        limits[measure as 'tokens' | 'calls'] = BigInt(amount as number);
      } else {
        this.problem(
          `${field}.${measure}`,
          'must be a whole number above 0: nothing would ever be admitted',
        );
      }
    }
    return limits;
  }

  /** An amount in USD; undefined, with the problem noted, when it is none. */
  #usd(field: string, value: unknown): bigint | undefined {
    const amount = positiveUsd(value);
    if (amount !== undefined) return amount;
    this.problem(
      field,
      `must be an amount in USD above 0, like 15.00${value === undefined ? '; it is missing' : ''}`,
    );
    return undefined;
  }

  #window(): BudgetWindow {
    const stated = this.fields['window'] ?? 'month';
    const [, rolling, unit = ''] = /^(rolling )?(\w+)$/.exec(String(stated)) ?? [];
    const isTotalRolling = unit === 'total' && rolling !== undefined;
    if ((windowUnits as readonly string[]).includes(unit) && !isTotalRolling) {
      return { unit: unit as WindowUnit, rolling: rolling !== undefined };
    }
    this.problem(
      'window',
      `must be one of ${windowUnits.join(', ')}, or "rolling day" and the like.${didYouMean(unit, [...windowUnits])}`,
    );
    return { unit: 'month', rolling: false };
  }

  #soft(): number {
    const soft = this.fields['soft'] ?? 0.8;
    if (typeof soft === 'number' && soft > 0 && soft <= 1) return soft;
    this.problem('soft', 'must be a share above 0 and up to 1, like 0.8');
    return 0.8;
  }

  #call(limits: Partial<Amounts>): Budget['call'] {
    const stated = this.fields['call'];
    if (stated === undefined) return {};
    if (!isFields(stated)) {
      this.problem('call', 'must be an object, like { warn: 0.02, max: 0.05 }');
      return {};
    }
    const call: { -readonly [Key in keyof CallLimits]: CallLimits[Key] } = {};
    for (const [key, amount] of Object.entries(stated)) {
      if (key === 'warn' || key === 'max') {
        const usd = this.#usd(`call.${key}`, amount);
        if (usd !== undefined) call[key] = usd;
      } else if (key === 'input_tokens' || key === 'output_tokens') {
        const tokens = this.#wholeNumber(`call.${key}`, amount);
        if (tokens !== undefined) {
          call[key === 'input_tokens' ? 'inputTokens' : 'outputTokens'] = tokens;
        }
      } else this.problem(`call.${key}`, `is not known.${didYouMean(key, callKeys)}`);
    }
    if (Object.keys(stated).length === 0) {
      this.problem('call', `limits nothing: give it ${callKeys.join(', ')}`);
    }
    if (call.warn !== undefined && call.max !== undefined && call.warn > call.max) {
      this.problem('call', 'warns above the amount that it refuses: `warn` must not exceed `max`');
    }
    if (call.max !== undefined && limits.usd !== undefined && call.max > limits.usd) {
      this.problem('call.max', 'exceeds the limit of the whole window: lower it, or raise `limit`');
    }
    return call;
  }

  #wholeNumber(field: string, value: unknown): number | undefined {
    if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
    this.problem(field, 'must be a whole number above 0');
    return undefined;
  }

  #actions(): BudgetAction[] {
    const { action: one, actions: several } = this.fields;
    if (one !== undefined && several !== undefined) {
      this.problem('action', 'stands beside `actions`: say it once');
    }
    const stated = several ?? one ?? 'block';
    const list = (Array.isArray(stated) ? stated : [stated]).map((name: unknown) => {
      const action = actionSynonyms[String(name)] ?? name;
      if ((budgetActions as readonly unknown[]).includes(action)) return action as BudgetAction;
      this.problem(
        'actions',
        `has "${String(name)}", which is none.${didYouMean(String(name), [...budgetActions])}`,
      );
      return 'block';
    });
    const last = list.findIndex((action) => action !== 'downgrade' && action !== 'truncate');
    if (last >= 0 && last < list.length - 1) {
      this.problem(
        'actions',
        `never gets to "${list[last + 1]}": "${list[last]}" decides every call. Put it last`,
      );
    }
    // When nothing helps, the call is refused.
    return last < 0 ? [...list, 'block'] : list;
  }

  #downgrades(actions: readonly BudgetAction[]): Map<string, string> {
    const chain = this.fields['downgrade'] ?? [];
    const circle = 'goes round in a circle: name each model once, the dearest first';
    const next = this.chain(chain, circle);
    if (next === null) return new Map();
    if (actions.includes('downgrade') && (chain as unknown[]).length < 2) {
      this.problem('downgrade', 'must name at least two models, because `actions` has "downgrade"');
    }
    if (!actions.includes('downgrade') && next.size > 0) {
      this.problem(
        'downgrade',
        'names models, but `actions` has no "downgrade": put it first, or leave the models out',
      );
    }
    return next;
  }

  #leastOutput(): number {
    const least = this.fields['least_output'] ?? 16;
    if (Number.isSafeInteger(least) && (least as number) >= 1) return least as number;
    this.problem('least_output', 'must be a whole number of tokens, at least 1');
    return 16;
  }

  #unavailable(limits: Partial<Amounts>): UnavailablePolicy {
    const stated = this.fields['unavailable'] ?? 'closed';
    if (stated === 'closed' || stated === 'open') return { mode: stated };
    if (isFields(stated) && stated['allowance'] !== undefined) {
      const amounts = this.#limits('unavailable.allowance', stated['allowance']);
      const without = budgetMeasures.find(
        (measure) => amounts[measure] !== undefined && limits[measure] === undefined,
      );
      if (without !== undefined && Object.keys(limits).length > 0) {
        this.problem(
          'unavailable.allowance',
          `is in ${without}, but the budget has no limit in ${without}`,
        );
      }
      return { mode: 'allowance', amounts };
    }
    this.problem('unavailable', 'must be closed, open, or { allowance: 1.00 }');
    return { mode: 'closed' };
  }

  #oneOf<Value extends string>(key: string, values: readonly Value[], fallback: Value): Value {
    const stated = this.fields[key] ?? fallback;
    if ((values as readonly unknown[]).includes(stated)) return stated as Value;
    this.problem(
      key,
      `must be one of ${values.join(', ')}.${didYouMean(String(stated), [...values])}`,
    );
    return fallback;
  }

  #flag(key: string): boolean {
    const stated = this.fields[key] ?? false;
    if (typeof stated === 'boolean') return stated;
    this.problem(key, 'must be true or false');
    return false;
  }
}
