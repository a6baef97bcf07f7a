import { DefinitionReader, examineList, scopeDimensions } from '../../budget/definition-reader.js';
import { didYouMean } from '../../suggest.js';
import { isFields } from '../../usage/fields.js';
import {
  ruleMetrics,
  ruleModes,
  type AlertRule,
  type RuleAmount,
  type RuleKind,
  type RuleMode,
} from './alert-rule.js';
import { usualProRata } from './budget-rules.js';
import { usualHourlyAverage, usualMovingAverage } from './spread-rules.js';
import { usualZScore } from './z-score-rule.js';

/** What is wrong with a rule, and where it stands: index in the list, then the field. */
export interface RuleProblem {
  path: (string | number)[];
  /** Names the rule, the field and the fix. */
  message: string;
}

/** Fields of each kind beside `name`, `rule`, `mode` and `by`. */
const fieldsOf: Readonly<Record<RuleKind, readonly string[]>> = {
  fixed_cap: ['metric', 'limit', 'per'],
  pro_rata_day: ['budget', 'share', 'within'],
  pro_rata_hour: ['budget', 'times'],
  moving_average: ['metric', 'days', 'sigmas', 'least'],
  hourly_average: ['metric', 'hours', 'sigmas', 'least'],
  z_score: ['metric', 'window', 'threshold', 'least'],
  median: ['metric', 'window', 'factor', 'least'],
};
export const ruleKinds = Object.keys(fieldsOf) as RuleKind[];

/** Those that would page many times a week on traffic in which nothing is wrong are written down only. */
const usualMode: Readonly<Record<RuleKind, RuleMode>> = {
  fixed_cap: 'page',
  pro_rata_day: 'page',
  pro_rata_hour: 'record',
  moving_average: 'record',
  hourly_average: 'record',
  z_score: 'record',
  median: 'record',
};

/** What is kept of each group's calls is bounded by these. */
const most = { calls: 1_000, hours: 28 * 24, days: 90 } as const;

/**
 * Reads named rules as they stand in farthing.yaml (the shape: docs/alerts.md). What is right comes out
 * beside the problems of the rest.
 */
export function readAlertRules(value: unknown): { rules: AlertRule[]; problems: RuleProblem[] } {
  const { definitions, problems } = examineList(
    value,
    'rule',
    (item, index) => new AlertRuleReader(item, index),
  );
  return { rules: definitions, problems };
}

class AlertRuleReader extends DefinitionReader<AlertRule> {
  constructor(item: unknown, index: number) {
    super(item, index, 'rule', '`name` and `rule`');
  }

  read(): AlertRule | null {
    if (this.problems.length > 0) return null;
    const kind = this.#choice('rule', ruleKinds, undefined);
    if (kind === undefined) return null;
    this.refuseUnknown(['name', 'rule', 'mode', 'by', ...fieldsOf[kind]]);
    const isOfAgents = kind === 'moving_average' || kind.startsWith('pro_rata');
    const rule = {
      name: this.name(),
      mode: this.#choice('mode', ruleModes, usualMode[kind])!,
      by: this.#by(isOfAgents ? 'agent' : 'feature'),
      ...this.#terms(kind),
    };
    return this.problems.length > 0 ? null : rule;
  }

  #terms(kind: RuleKind) {
    switch (kind) {
      case 'fixed_cap': {
        const metric = this.#metric();
        return {
          rule: kind,
          metric,
          limit: this.#amount('limit', metric === 'cost' ? 'USD' : metric),
          per: this.#choice('per', ['call', 'hour', 'day'] as const, 'day')!,
        };
      }
      case 'pro_rata_day':
        return {
          rule: kind,
          budget: this.#amount('budget', 'USD a day'),
          share: this.#share('share', usualProRata.share),
          within: this.#share('within', usualProRata.within),
        };
      case 'pro_rata_hour':
        return {
          rule: kind,
          budget: this.#amount('budget', 'USD a day'),
          times: this.#positive('times', 1),
        };
      case 'moving_average':
        return {
          rule: kind,
          metric: this.#metric(),
          ...this.#average('days', most.days, usualMovingAverage),
        };
      case 'hourly_average':
        return {
          rule: kind,
          metric: this.#metric(),
          ...this.#average('hours', most.hours, usualHourlyAverage),
        };
      case 'z_score':
        return { rule: kind, metric: this.#metric(), ...this.#zScore() };
      case 'median': {
        const window = this.#whole('window', 500, 1, most.calls);
        const factor = this.#positive('factor', 3);
        if (factor < 1) {
          this.problem('factor', 'must be at least 1: below it, half of all calls would fire');
        }
        return { rule: kind, metric: this.#metric(), window, factor, least: this.#least(window) };
      }
    }
  }

  #average<Field extends 'days' | 'hours'>(
    field: Field,
    mostOfThem: number,
    usual: { window: number; sigmas: number; least: number },
  ): { [field in Field]: number } & { sigmas: number; least: number } {
    const window = this.#whole(field, usual.window, 2, mostOfThem);
    const sigmas = this.#positive('sigmas', usual.sigmas);
    const least = this.#least(window, usual.least, field);
    return { [field]: window, sigmas, least } as { [field in Field]: number } & {
      sigmas: number;
      least: number;
    };
  }

  #zScore(): { window: number; threshold: number; least: number } {
    const window = this.#whole('window', usualZScore.window, 3, most.calls);
    const threshold = this.#positive('threshold', usualZScore.threshold);
    const least = this.#least(window, usualZScore.least);
    // The value is one of those that it is compared with: however large, it cannot lie farther from them.
    const farthest = (window - 1) / Math.sqrt(window);
    if (threshold >= farthest) {
      this.problem(
        'threshold',
        `can never be reached: among ${window} values none lies more than ${farthest.toFixed(2)} standard deviations from their mean. Lower it, or widen \`window\``,
      );
    }
    return { window, threshold, least };
  }

  #least(window: number, usual = 10, field = 'window'): number {
    const least = this.#whole('least', Math.min(usual, window), 2, Infinity);
    if (least > window) {
      this.problem(
        'least',
        `is more than \`${field}\` (${window}), so that it would never fire: lower it, or widen \`${field}\``,
      );
    }
    return least;
  }

  #metric() {
    return this.#choice('metric', ruleMetrics, 'cost')!;
  }

  #by(usual: string): string {
    const by = this.fields['by'] ?? usual;
    if (by === 'all' || (typeof by === 'string' && /^tag:.+/.test(by))) return by;
    if (typeof by === 'string' && scopeDimensions.includes(by)) return by;
    const near = didYouMean(String(by), ['all', ...scopeDimensions]);
    this.problem('by', `must be a tag, provider, model, tag:<name> or all.${near}`);
    return usual;
  }

  #amount(field: string, unit: string): RuleAmount {
    const stated = this.fields[field];
    const amounts: Record<string, unknown> = isFields(stated) ? stated : { '': stated };
    if (isFields(stated) && Object.keys(stated).length === 0) {
      this.problem(
        field,
        'names no group: give an amount, or one for each group ("*": all others)',
      );
    }
    const read: Record<string, number> = {};
    for (const [group, amount] of Object.entries(amounts)) {
      const number = typeof amount === 'string' && amount !== '' ? Number(amount) : amount;
      if (typeof number === 'number' && Number.isFinite(number) && number > 0) read[group] = number;
      else {
        const place = group === '' ? field : `${field}.${group}`;
        const missing = amount === undefined ? '; it is missing' : '';
        this.problem(place, `must be a number above 0, in ${unit}${missing}`);
      }
    }
    return isFields(stated) ? read : (read[''] ?? 0);
  }

  #share(field: string, usual: number): number {
    const share = this.fields[field] ?? usual;
    if (typeof share === 'number' && share > 0 && share <= 1) return share;
    this.problem(field, 'must be a share above 0 and up to 1, like 0.3 for 30 %');
    return usual;
  }

  #positive(field: string, usual: number): number {
    const number = this.fields[field] ?? usual;
    if (typeof number === 'number' && Number.isFinite(number) && number > 0) return number;
    this.problem(field, `must be a number above 0, like ${usual}: it would fire on everything`);
    return usual;
  }

  #whole(field: string, usual: number, least: number, mostOfThem: number): number {
    const number = this.fields[field] ?? usual;
    const isWhole = Number.isSafeInteger(number);
    if (isWhole && (number as number) >= least && (number as number) <= mostOfThem) {
      return number as number;
    }
    const upTo = mostOfThem === Infinity ? '' : ` and at most ${mostOfThem}`;
    this.problem(field, `must be a whole number, at least ${least}${upTo}`);
    return usual;
  }

  #choice<Value extends string>(
    field: string,
    values: readonly Value[],
    usual: Value | undefined,
  ): Value | undefined {
    const stated = this.fields[field] ?? usual;
    if ((values as readonly unknown[]).includes(stated)) return stated as Value;
    const missing = stated === undefined ? '; it is missing' : '';
    const near = typeof stated === 'string' ? didYouMean(stated, values) : '';
    this.problem(field, `must be one of ${values.join(', ')}${missing}.${near}`);
    return usual;
  }
}
