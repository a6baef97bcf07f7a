import type { Entry } from '@farthing/core';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { GatewayJournal, GatewayMetrics } from './gateway-context.js';

/** The gateway's own counters, served at its `/metrics`. No label ever holds a user, tag or request. */
export function createGatewayMetrics(
  journal: GatewayJournal,
  register?: (registry: Registry) => void,
): GatewayMetrics & { text(): Promise<string>; contentType: string } {
  const registry = new Registry();
  const registers = [registry];
  register?.(registry);
  const calls = new Counter({
    name: 'farthing_gateway_calls_total',
    help: 'Calls that ended, by provider, API and outcome.',
    labelNames: ['provider', 'api', 'outcome'],
    registers,
  });
  const unrecorded = new Counter({
    name: 'farthing_unrecorded_calls_total',
    help: 'Calls that passed without a record because the journal could not be written.',
    registers,
  });
  const refusals = new Counter({
    name: 'farthing_gateway_refusals_total',
    help: 'Requests that the gateway refused itself, by reason.',
    labelNames: ['code'],
    registers,
  });
  const decisions = new Counter({
    name: 'farthing_budget_decisions_total',
    help: 'What budgets, breakers, restrictions and stops of runs did about calls, by budget and action.',
    labelNames: ['budget', 'action'],
    registers,
  });
  const runs = new Counter({
    name: 'farthing_runs_judged_total',
    help: 'Runs that ran away, by what they went beyond and whether they were told of or stopped.',
    labelNames: ['reason', 'done'],
    registers,
  });
  const unbooked = new Counter({
    name: 'farthing_unbooked_batch_items_total',
    help: 'Items of fetched batch results that were not booked because the provider did not say when the batch was made. Fetching the results again books them.',
    registers,
  });
  const overhead = new Histogram({
    name: 'farthing_gateway_overhead_seconds',
    help: 'Time between a request being read and its departure to the provider.',
    buckets: [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.005, 0.025, 0.1],
    registers,
  });
  const failing: Gauge = new Gauge({
    name: 'farthing_journal_failing',
    help: '1 while the journal cannot be written.',
    registers,
    collect: () => failing.set(journal.failure === null ? 0 : 1),
  });
  const backlog: Gauge = new Gauge({
    name: 'farthing_journal_backlog_lines',
    help: 'Journal lines accepted and not yet written.',
    registers,
    collect: () => backlog.set(journal.backlog),
  });
  return {
    closed(entry: Entry, isUnrecorded: boolean) {
      calls.inc({ provider: entry.provider, api: entry.api, outcome: entry.outcome });
      if (isUnrecorded) unrecorded.inc();
    },
    refused: (code) => refusals.inc({ code }),
    decided: ({ steps, accounts }) => {
      for (const step of steps) {
        if (step.do === 'breaker') decisions.inc({ budget: step.breaker, action: step.step });
        // Not by their ids, which are many.
        else if (step.do === 'restriction') {
          decisions.inc({ budget: 'restriction', action: step.step });
        } else if (step.do === 'run_stopped') decisions.inc({ budget: 'run', action: 'stop' });
        else if ('budget' in step && step.do !== 'cap' && step.do !== 'cap_tokens') {
          decisions.inc({ budget: step.budget, action: step.do });
        }
      }
      for (const { budget, said } of accounts) {
        if (said === 'soft' || said === 'over') decisions.inc({ budget, action: 'warn' });
      }
    },
    runJudged: ({ reason, done }) => runs.inc({ reason, done }),
    unbookedBatchItem: () => unbooked.inc(),
    overhead: (milliseconds) => overhead.observe(milliseconds / 1_000),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
