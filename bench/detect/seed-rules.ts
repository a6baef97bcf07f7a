import { readAlertRules, RuleMonitor } from '@farthing/core';
import { day, historyDays, type Stream } from './cost-bench.js';
import type { Page } from './evaluate.js';

/** The plain rules beside ours, as they ship, each by the name it is known by in the table. */
export const seedRules: Readonly<Record<string, (stream: Stream) => object>> = {
  'z > 2, 100 calls': () => ({ rule: 'z_score' }),
  'z > 3, 100 calls': () => ({ rule: 'z_score', threshold: 3 }),
  '3 × median': () => ({ rule: 'median' }),
  'hour > mean + 2 σ': () => ({ rule: 'hourly_average' }),
  'hour > mean + 3 σ': () => ({ rule: 'hourly_average', sigmas: 3 }),
  'day > mean + 3 σ, 14 days': () => ({ rule: 'moving_average' }),
  '30 % in 8.3 % of the day': (stream) => ({ rule: 'pro_rata_day', budget: budgetOf(stream) }),
  'hour > pro rata × 2': (stream) => ({
    rule: 'pro_rata_hour',
    budget: budgetOf(stream),
    times: 2,
  }),
};

/** A day's budget of 1.3 times what days of the history took. */
function budgetOf({ calls }: Stream): number {
  let spent = 0;
  for (const { at, cost } of calls) if (at < historyDays * day) spent += cost!;
  return (1.3 * spent) / historyDays;
}

/** Runs one stream through a rule, call by call as they would come. */
export function pagesOfRule(name: string, stream: Stream): Page[] {
  const { rules, problems } = readAlertRules([{ name: 'rule', ...seedRules[name]!(stream) }]);
  if (problems.length > 0) throw new Error(problems[0]!.message);
  const monitor = new RuleMonitor(rules[0]!);
  return stream.calls.flatMap((call) =>
    monitor.observe(call, call.at >= historyDays * day).map(({ at }) => ({ at, name })),
  );
}
