// What the guard of runs costs a call, in processor time: npx tsx bench/run-guard/cost.ts
import {
  Breakers,
  composeBudgets,
  Decider,
  Escrow,
  Estimator,
  type BudgetChange,
  type CallToAdmit,
  type Entry,
} from '@farthing/core';
import { readRequestFacts } from '../../packages/server/src/gateway/request-facts.js';
import { RunWatch } from '../../packages/server/src/gateway/run-watch.js';

const rounds = 5;
const write = (text: string) => process.stdout.write(`${text}\n`);

/** Microseconds of processor time that a call of `work` takes; the median of some rounds. */
function microseconds(calls: number, work: (index: number) => unknown): number {
  for (let index = 0; index < calls / 10; index++) work(index);
  const times = Array.from({ length: rounds }, () => {
    const began = process.cpuUsage();
    for (let index = 0; index < calls; index++) work(index);
    const { user, system } = process.cpuUsage(began);
    return (user + system) / calls;
  });
  return times.toSorted((a, b) => a - b)[rounds >> 1]!;
}

const now = Date.UTC(2026, 10, 20);
const line = { recorded_at: '2026-11-19T00:00:00Z', recorded_by: 'ada', cause: 'it loops' };
const until = '2026-12-01T00:00:00Z';
const stops = Array.from({ length: 100 }, (_, index): BudgetChange => ({
  ...line,
  id: `s${index}`,
  do: 'stop_run',
  run: `stopped-${index}`,
  until,
}));
const restriction: BudgetChange = {
  ...line,
  id: 'r1',
  do: 'restrict',
  scope: { feature: 'mail' },
  step: 'block',
  until,
};

function decider(changes: readonly BudgetChange[]): Decider {
  const composed = composeBudgets([], changes, now);
  return new Decider({
    definitions: { at: () => composed },
    ledger: new Escrow(),
    memory: null,
    estimator: new Estimator(() => null),
    breakers: new Breakers([]),
    decisions: { add: () => {}, repeats: () => true },
    acknowledgements: null,
    onProblem: (problem) => {
      throw problem;
    },
  });
}

function callOf(run: string): CallToAdmit {
  const tags = { feature: 'search', run };
  const shape = {
    provider: 'openai',
    model: 'gpt-5-mini',
    tags,
    at: now,
    textBytes: 2_000,
    fileTokens: 0,
    maxOutput: 100,
    caching: 'none' as const,
    hasOutput: true,
  };
  return { id: 'call', at: now, shape, tags };
}

write('before a call leaves, without budgets and breakers');
for (const [what, changes, run] of [
  ['nothing is in force', [], 'r_1'],
  ['100 runs are stopped, not this one', stops, 'r_1'],
  ['and a restriction of other calls', [...stops, restriction], 'r_1'],
  ['this run is stopped', [...stops, restriction], 'stopped-7'],
] as const) {
  const one = decider(changes);
  const call = callOf(run);
  write(
    `${microseconds(300_000, () => one.admit(call))
      .toFixed(2)
      .padStart(8)} µs  ${what}`,
  );
}

/** Requests of a run that grows to so many bytes: a call of a tool, and what it says, in turn. */
function requests(bytes: number, result: number): Buffer[] {
  const output = 'line of "code" with quotes; '.repeat(Math.ceil(result / 28)).slice(0, result);
  return Array.from({ length: 16 }, (_, index) => {
    const messages: object[] = [{ role: 'system', content: 'You search.'.repeat(20) }];
    for (let size = 0; size < bytes; size += result + 300) {
      const id = `call_${index}_${messages.length}`;
      const query = JSON.stringify({
        query: `step ${index} ${'abcdefghijklmnop'.slice(0, index)}`,
      });
      const call = { id, type: 'function', function: { name: 'search', arguments: query } };
      messages.push({ role: 'assistant', content: null, tool_calls: [call] });
      messages.push({ role: 'tool', tool_call_id: id, content: output });
    }
    return Buffer.from(JSON.stringify({ model: 'gpt-5-mini', messages }));
  });
}

write('\nafter the call has ended');
for (const [bytes, result] of [
  [1_500, 400],
  [20_000, 400],
  [200_000, 400],
  [200_000, 10_000],
  [200_000, 190_000],
] as const) {
  const watch = new RunWatch({
    settings: { mode: 'tell', milliseconds: 3_600_000, ceilings: {}, features: new Map() },
    secret: Buffer.alloc(32, 1),
    stop: () => {},
    now: () => now,
  });
  const sent = requests(bytes, result).map((body) => {
    return { body, elements: null, scanned: readRequestFacts(body).scanned };
  });
  const entryAt = (call: number) => {
    const time = new Date(now + call * 100).toISOString();
    return {
      started_at: time,
      ended_at: time,
      cost: { usd: '0.0012', status: 'priced' },
      // Runs of a dozen calls, many of them open at a time.
      tags: { feature: 'search', run: `r_${(call % 500) + 500 * Math.floor(call / 6_000)}` },
    } as unknown as Entry;
  };
  const calls = 20_000;
  const entries = Array.from({ length: calls }, (_, call) => entryAt(call));
  const time = microseconds(calls, (call) => watch.ended(entries[call]!, sent[call % 16]!));
  const size = `${sent[0]!.body.length} B`.padStart(9);
  write(`${time.toFixed(1).padStart(8)} µs  ${size}, the last result ${result} B`);
}
