import type {
  CallRow,
  CauseShare,
  ReconciledCell,
  Reconciliation,
  ReconciliationCause,
  ReconciliationCauseName,
} from '@farthing/core';
import { picoOf, usdOf } from './fixture-calls.js';

const day = 86_400_000;

/** What the made-up provider bills differently, as thousandths of the ledger's amount. */
interface Fault {
  cause: ReconciliationCauseName | 'unexplained';
  title: string;
  thousandths: bigint;
  applies(day: number, model: string | null): boolean;
  next: string;
  note: string;
  command?: string;
}

const faults: Fault[] = [
  {
    cause: 'unrecorded_calls',
    title: 'calls that never passed Farthing',
    thousandths: 64n,
    applies: (index, model) => index % 5 === 3 && model === 'gpt-5',
    next: 'Find who calls the provider directly and point their base URL at the gateway.',
    note: 'the provider counts 214 requests from 02:00 to 03:00 UTC that the ledger does not have',
  },
  {
    cause: 'price',
    title: 'another price for the same tokens',
    thousandths: -22n,
    applies: (_index, model) => model === 'gpt-4.1-nano',
    next: 'Compare both rates below with the provider’s price list. If the ledger’s is wrong, set the right one and reprice.',
    command: 'farthing prices show gpt-4.1-nano && farthing reprice --since 14d --dry-run',
    note: 'output at $0.40 per 1M in the ledger, $0.39 on the bill (genai-prices@0.1.8)',
  },
  {
    cause: 'interrupted_calls',
    title: 'calls that broke off, booked at an estimate',
    thousandths: 4n,
    applies: (index) => index % 3 === 0,
    next: 'Set gateway.on_client_abort: drain to have exact usage of calls that clients leave.',
    note: '11 calls were left by their clients',
  },
  {
    cause: 'unexplained',
    title: '',
    thousandths: 1n,
    applies: (index) => index === 6,
    next: '',
    note: '',
  },
];

const sum = (amounts: readonly string[]) =>
  usdOf(amounts.reduce((total, amount) => total + picoOf(amount), 0n));

const size = (pico: bigint) => (pico < 0n ? -pico : pico);

function comparison(ledger: bigint, shares: readonly CauseShare[], unexplained: bigint) {
  const explained = shares.reduce((total, share) => total + picoOf(share.usd), 0n);
  const provider = ledger + explained + unexplained;
  const unrecorded = shares
    .filter(({ cause }) => cause === 'unrecorded_calls')
    .reduce((total, share) => total + picoOf(share.usd), 0n);
  const missed = Number(size(unexplained) + size(unrecorded)) / Math.max(1, Number(provider));
  return {
    provider_usd: usdOf(provider),
    ledger_usd: usdOf(ledger),
    difference_usd: usdOf(provider - ledger),
    unexplained_usd: usdOf(unexplained),
    unrecorded_usd: usdOf(unrecorded),
    accuracy: provider === 0n ? null : 1 - missed,
  };
}

/** A reconciliation of the made-up calls whose figures add up as real ones do. */
export function makeReconciliation(
  rows: readonly CallRow[],
  provider: string,
  until: number,
  days: number,
): Reconciliation {
  const end = until - (until % day);
  const window = {
    from: new Date(end - days * day).toISOString(),
    to: new Date(end).toISOString(),
  };
  const cells: (ReconciledCell & { index: number })[] = [];
  for (let index = 0; index < days; index += 1) {
    const start = new Date(end - (days - index) * day).toISOString();
    const stop = new Date(end - (days - index - 1) * day).toISOString();
    const ofDay = rows.filter(
      (row) => row.provider === provider && row.started_at >= start && row.started_at < stop,
    );
    for (const model of new Set(ofDay.map((row) => row.model))) {
      const ledger = ofDay
        .filter((row) => row.model === model)
        .reduce((total, row) => total + picoOf(row.cost_usd ?? '0'), 0n);
      const hit = faults.filter((fault) => fault.applies(index, model));
      const amount = (fault: Fault) => (ledger * fault.thousandths) / 1000n;
      const causes = hit.flatMap((fault) =>
        fault.cause === 'unexplained' ? [] : [{ cause: fault.cause, usd: usdOf(amount(fault)) }],
      );
      const unexplained = hit
        .filter(({ cause }) => cause === 'unexplained')
        .reduce((total, fault) => total + amount(fault), 0n);
      cells.push({
        index,
        day: start,
        model,
        ...comparison(ledger, causes, unexplained),
        causes,
      });
    }
  }
  const total = together(cells);
  const noTokens = {
    input_uncached: 0,
    cache_read: 0,
    cache_write: 0,
    cache_write_5m: 0,
    cache_write_1h: 0,
    output: 0,
  };
  return {
    id: `r-${provider}-${days}`,
    ran_at: new Date(until - 5_400_000).toISOString(),
    provider,
    window,
    bucket: 'hour',
    provider_costs: 'reported',
    fetched_at: new Date(until - 5_400_000).toISOString(),
    verdict: `For ${window.from.slice(0, 10)} to ${new Date(end - 1).toISOString().slice(0, 10)}, ${provider} bills more than the ledger has; mostly calls that never passed Farthing.`,
    ...total,
    tokens: { provider: noTokens, ledger: noTokens, unexplained: noTokens },
    causes: faults.flatMap((fault) => causeOf(fault, cells)),
    days: [...new Set(cells.map((cell) => cell.day))].map((start) => ({
      day: start,
      final: start < new Date(end - day).toISOString(),
      ...together(cells.filter((cell) => cell.day === start)),
      causes: [],
    })),
    models: [...new Set(cells.map((cell) => cell.model))]
      .map((model) => ({
        model,
        ...together(cells.filter((cell) => cell.model === model)),
        causes: [],
      }))
      .sort((left, right) => Number(right.provider_usd) - Number(left.provider_usd)),
    cells,
    excluded_days: [],
    notes: ['The provider states amounts with six decimals; the ledger counts in picodollars.'],
  };
}

function together(cells: readonly ReconciledCell[]) {
  return comparison(
    picoOf(sum(cells.map((cell) => cell.ledger_usd))),
    cells.flatMap((cell) => cell.causes),
    picoOf(sum(cells.map((cell) => cell.unexplained_usd))),
  );
}

function causeOf(fault: Fault, cells: readonly ReconciledCell[]): ReconciliationCause[] {
  if (fault.cause === 'unexplained') return [];
  const details = cells.flatMap((cell) =>
    cell.causes
      .filter(({ cause }) => cause === fault.cause)
      .map(({ usd }) => ({
        day: cell.day,
        model: cell.model,
        usd,
        tokens: 48_200,
        note: fault.note,
      })),
  );
  if (details.length === 0) return [];
  const usd = sum(details.map((detail) => detail.usd));
  return [
    {
      cause: fault.cause,
      usd,
      title: fault.title,
      gross_usd: usdOf(size(picoOf(usd))),
      tokens: {
        input_uncached: 48_200,
        cache_read: 0,
        cache_write: 0,
        cache_write_5m: 0,
        cache_write_1h: 0,
        output: 0,
      },
      details: details
        .sort((left, right) => Math.abs(Number(right.usd)) - Math.abs(Number(left.usd)))
        .slice(0, 20),
      next_step: fault.next,
      ...(fault.command === undefined ? {} : { command: fault.command }),
    },
  ];
}
