import type { BudgetMeasure } from '@farthing/core';
import type { Budget, Scope } from '../api/budgets-contract.js';
import { formatCompact, formatCount, plural } from '../figures/counts.js';
import { formatUsd, formatUsdExact } from '../money/usd.js';
import { dimensionLabel, isDimension } from '../view/dimensions.js';

/** Budgets in a reader's words. */

export function scopeLabel(dimension: string): string {
  if (dimension === 'key') return 'key';
  return isDimension(dimension) ? dimensionLabel(dimension).toLowerCase() : dimension;
}

/** `{ tenant: "acme", user: "*" }` → `Each user of tenant acme`; nothing → `All calls`. */
export function scopeWords(scope: Scope): string {
  const each = Object.keys(scope).filter((dimension) => scope[dimension] === '*');
  const fixed = Object.entries(scope).filter(([, value]) => value !== '*');
  const named = fixed.map(([dimension, value]) => `${scopeLabel(dimension)} ${value}`).join(', ');
  if (each.length === 0) return named === '' ? 'All calls' : capital(named);
  const every = `Each ${each.map(scopeLabel).join(' and ')}`;
  return named === '' ? every : `${every} of ${named}`;
}

/** The values that tell an account of `each …` from its neighbours. */
export function accountWords(scope: Scope, budget: Scope): string {
  const own = Object.entries(scope).filter(([dimension]) => budget[dimension] === '*');
  const pairs = own.length === 0 ? Object.entries(scope) : own;
  if (pairs.length === 1) return pairs[0]![1];
  return pairs.map(([dimension, value]) => `${scopeLabel(dimension)} ${value}`).join(', ');
}

export const isForEach = ({ scope }: Pick<Budget, 'scope'>): boolean =>
  Object.values(scope).includes('*');

const calendar: Record<string, string> = {
  minute: 'a minute',
  hour: 'an hour',
  day: 'a day',
  week: 'a week',
  month: 'a month',
  total: 'in total',
};
const rolling: Record<string, string> = {
  minute: 'in any 60 seconds',
  hour: 'in any 60 minutes',
  day: 'in any 24 hours',
  week: 'in any 7 days',
  month: 'in any 30 days',
  total: 'in total',
};

export const isRolling = (window: string): boolean => window.startsWith('rolling ');
export const unitOf = (window: string): string => window.replace('rolling ', '');

export const windowWords = (window: string): string =>
  (isRolling(window) ? rolling : calendar)[unitOf(window)] ?? window;

const deeds: Record<string, string> = {
  downgrade: 'take a cheaper model',
  truncate: 'leave out the oldest history',
  warn: 'let it pass and warn',
  throttle: 'refuse until there is room again',
  acknowledge: 'ask a person',
  block: 'refuse',
};

/** An action or a breaker's step as what it does. */
export const deedWords = (action: string): string => deeds[action] ?? action;

/** `Take a cheaper model (gpt-5.4 → gpt-5.4-mini), then refuse`. */
export function actionsWords({ actions, downgrade }: Budget): string {
  const chain = downgrade.length > 1 ? ` (${downgrade.join(' → ')})` : '';
  const words = actions.map((action) =>
    action === 'downgrade' ? deedWords(action) + chain : deedWords(action),
  );
  return capital(words.join(', then '));
}

/** What a single call may take, as a sentence; empty where nothing limits it. */
export function callWords({ call }: Pick<Budget, 'call'>): string {
  const { warn, max, input_tokens: input, output_tokens: output } = call;
  const parts = [
    max !== undefined && `cost at most ${formatUsd(String(max))}`,
    input !== undefined && `have ${formatCount(Number(input))} input tokens`,
    output !== undefined && `answer with ${formatCount(Number(output))} tokens`,
  ].filter(Boolean);
  const may = parts.length === 0 ? '' : `A call may ${parts.join(', ')}.`;
  const said =
    warn === undefined ? '' : `From ${formatUsd(String(warn))} on it is said to be dear.`;
  return [may, said].filter(Boolean).join(' ');
}

/** `$12.50`, `1.2M tokens`, `40 calls`. */
export function amountWords(measure: BudgetMeasure, amount: string): string {
  return measure === 'usd' ? formatUsd(amount) : `${bareAmount(measure, amount)} ${measure}`;
}

/** The same without its unit, where that stands beside it. */
export const bareAmount = (measure: BudgetMeasure, amount: string): string =>
  measure === 'usd' ? formatUsd(amount) : formatCompact(Number(amount));

export const exactAmount = (measure: BudgetMeasure, amount: string): string =>
  measure === 'usd' ? formatUsdExact(amount) : `${formatCount(Number(amount))} ${measure}`;

/** Time until something, in two units at most: `3 d 4 h`, `2 h 05 min`, `42 s`. */
export function formatUntil(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (count: number) => String(count).padStart(2, '0');
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  const hours = Math.ceil(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A time that is only about right, in one unit: `8 minutes`, `5 hours`, `3 weeks`, `2 years`. */
export function aboutTime(milliseconds: number): string {
  const minutes = milliseconds / 60_000;
  const about = (count: number, unit: string) => plural(Math.round(count), unit);
  if (minutes < 1.5) return 'a minute';
  if (minutes < 90) return about(minutes, 'minute');
  const hours = minutes / 60;
  if (hours < 48) return about(hours, 'hour');
  const days = hours / 24;
  if (days < 21) return about(days, 'day');
  if (days < 90) return about(days / 7, 'week');
  return days < 730 ? about(days / 30.4, 'month') : about(days / 365, 'year');
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
