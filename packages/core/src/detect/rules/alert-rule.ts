/** What a rule may watch of calls: USD, tokens, tokens, and output tokens per input token. */
export const ruleMetrics = ['cost', 'input_tokens', 'output_tokens', 'output_per_input'] as const;
export type RuleMetric = (typeof ruleMetrics)[number];

export const ruleModes = ['page', 'record', 'off'] as const;
/** `page` wakes somebody, `record` is written down and shown, `off` is not looked at. */
export type RuleMode = (typeof ruleModes)[number];

/** An amount for every group, or one for each that is named (`*`: for all others). */
export type RuleAmount = number | Readonly<Record<string, number>>;

/** More than a fixed amount, by a call or within an hour or day (UTC). */
export interface FixedCap {
  rule: 'fixed_cap';
  metric: RuleMetric;
  /** In the metric's unit. */
  limit: RuleAmount;
  per: 'call' | 'hour' | 'day';
}

/** A share of the day's budget in the first part of the day (UTC): by default 30 % in the first 8.3 %. */
export interface ProRataDay {
  rule: 'pro_rata_day';
  /** USD a day. */
  budget: RuleAmount;
  /** Both above 0 and up to 1. */
  share: number;
  within: number;
}

/** An hour takes more than a twenty-fourth of the day's budget, so many times over. */
export interface ProRataHour {
  rule: 'pro_rata_hour';
  /** USD a day. */
  budget: RuleAmount;
  times: number;
}

/** A day lies standard deviations above the average of the days before it: by default 3 above that of 14. */
export interface MovingAverage {
  rule: 'moving_average';
  metric: RuleMetric;
  days: number;
  sigmas: number;
  /** Days that it takes to say anything. */
  least: number;
}

/** An hour lies standard deviations above the average of the hours before it: by default 2, of 14 days. */
export interface HourlyAverage {
  rule: 'hourly_average';
  metric: RuleMetric;
  hours: number;
  sigmas: number;
  /** Hours that it takes to say anything. */
  least: number;
}

/** A call lies standard deviations from the mean of the last ones, itself among them, above or below. */
export interface ZScoreOfCall {
  rule: 'z_score';
  metric: RuleMetric;
  window: number;
  threshold: number;
  least: number;
}

/** A call takes several times the median of the calls before it. */
export interface TimesMedian {
  rule: 'median';
  metric: RuleMetric;
  /** Calls that the median is taken of. */
  window: number;
  factor: number;
  least: number;
}

/** A named rule: one of the plain ones, for a group of its own each (`by`). */
export type AlertRule = {
  name: string;
  mode: RuleMode;
  /** Tag or dimension that groups calls: feature, agent, model, tag:<name> …; `all`: one group of all. */
  by: string;
} & (
  | FixedCap
  | ProRataDay
  | ProRataHour
  | MovingAverage
  | HourlyAverage
  | ZScoreOfCall
  | TimesMedian
);

export type RuleKind = AlertRule['rule'];

/** What a rule said. Amounts are in the metric's unit, as numbers: they judge, and are no books. */
export interface RuleFinding {
  kind: 'rule';
  /** Name of the rule. */
  rule: string;
  metric: RuleMetric;
  /** When the call began, or the period ended, that made it sure; milliseconds since 1970. */
  at: number;
  /** Beginning of what is judged: the call, the hour, the day. */
  since: number;
  /** Calls in that. */
  calls: number;
  value: number;
  /** What the value went beyond. */
  limit: number;
  /** The average, median or budget that it is compared with; null for a fixed cap. */
  usual: number | null;
  /** How many times the usual; null without one. */
  factor: number | null;
}
