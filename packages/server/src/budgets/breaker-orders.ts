import {
  didYouMean,
  FarthingError,
  formatUsd,
  scopeOfAccount,
  type BreakerRule,
} from '@farthing/core';
import { readBreakers } from './breakers-file.js';
import type { BreakerView } from './budget-access.js';

/** The breakers of the configuration, each with those of its own that are not closed. */
export function viewBreakers(rules: readonly BreakerRule[], directory: string): BreakerView[] {
  const statuses = readBreakers(directory);
  return rules.map(({ name, scope, limit, windowMilliseconds, steps }) => ({
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

/** Throws `unknown_breaker`. */
export function findBreaker(rules: readonly BreakerRule[], name: string): BreakerRule {
  const found = rules.find((rule) => rule.name === name);
  if (found !== undefined) return found;
  const known = rules.map((rule) => rule.name);
  throw new FarthingError(
    'unknown_breaker',
    `There is no breaker "${name}".${didYouMean(name, known)} Breakers stand in farthing.yaml.`,
  );
}

/** Of a breaker for each of its own: the one that is meant. Undefined where all of them are. */
export function breakerKey(
  { name, scope }: BreakerRule,
  values: Readonly<Record<string, string>> | undefined,
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
