import { pricedModel, readUsage, type PriceBook, type UsageRequest } from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { calcPrice, extractUsage } from '@pydantic/genai-prices';
import type { CorpusCase } from './corpus.js';
import { watchOtherWork } from './other-work.js';
import { plainAnswer } from './plain-answer.js';
import { extractorOf, namedModel } from './targets/genai-prices.js';

/** One way through one set of payloads. Processor time in microseconds a call, over quiet rounds. */
export interface SpeedFigure {
  subject: string;
  payloads: string;
  calls: number;
  median_us: number;
  fastest_us: number;
  slowest_us: number;
  /** Rounds in which the machine did little else; where there was none, the figures are of all. */
  quiet_rounds: number;
}

interface Round {
  us: number;
  quiet: boolean;
}

interface Contender {
  subject: string;
  payloads: string;
  work: readonly (() => unknown)[];
  rounds: Round[];
}

/**
 * Reading and pricing, everything in one process and in turn; every other lap goes through the
 * contenders backwards. Laps go on until each has had enough quiet rounds, four times that at most.
 */
export function measureSpeed(cases: readonly CorpusCase[], enough: number): SpeedFigure[] {
  const contenders = contendersFor(cases);
  for (const { work } of contenders) run(work, 1_000);
  for (let lap = 0; lap < enough * 4; lap += 1) {
    const order = lap % 2 === 0 ? contenders : contenders.toReversed();
    for (const { work, rounds } of order) rounds.push(run(work, roundLength));
    if (contenders.every(({ rounds }) => rounds.filter(({ quiet }) => quiet).length >= enough))
      break;
  }
  return contenders.map(({ subject, payloads, work, rounds }) => {
    const quiet = rounds.filter((round) => round.quiet);
    const counted = quiet.length > 0 ? quiet : rounds;
    const sorted = counted.map(({ us }) => us).toSorted((one, other) => one - other);
    return {
      subject,
      payloads,
      calls: work.length,
      median_us: sorted[Math.floor(sorted.length / 2)] ?? 0,
      fastest_us: sorted[0] ?? 0,
      slowest_us: sorted.at(-1) ?? 0,
      quiet_rounds: quiet.length,
    };
  });
}

function contendersFor(cases: readonly CorpusCase[]): Contender[] {
  const both = cases.filter(takenByBoth);
  const chat = both.filter(({ api }) => api === 'chat.completions');
  const ours = 'Farthing: read and price';
  const theirs = 'genai-prices: extract and calculate';
  return [
    contender(ours, 'all of the corpus', cases.map(farthing)),
    contender('Farthing: read only', 'all of the corpus', cases.map(reading)),
    contender(ours, 'answers that both take', both.map(farthing)),
    contender(theirs, 'answers that both take', both.map(genaiPrices)),
    contender(ours, 'of these, chat completions', chat.map(farthing)),
    contender(theirs, 'of these, chat completions', chat.map(genaiPrices)),
  ];
}

function contender(subject: string, payloads: string, work: readonly (() => unknown)[]): Contender {
  return { subject, payloads, work, rounds: [] };
}

/** Milliseconds of processor time of one round. */
const roundLength = 100;

/** Of one core: what other work may take in a quiet round. */
const mostOtherWork = 0.1;

/** Goes over the calls until so many milliseconds of processor time are used, garbage collection included. */
function run(work: readonly (() => unknown)[], milliseconds: number): Round {
  const otherWork = watchOtherWork();
  const start = process.cpuUsage();
  let passes = 0;
  let passed = 0;
  while (passed < milliseconds) {
    for (const call of work) kept = call();
    passes += 1;
    const { user, system } = process.cpuUsage(start);
    passed = (user + system) / 1_000;
  }
  const us = (passed * 1_000) / (passes * work.length);
  return { us, quiet: otherWork() <= mostOtherWork };
}

/** Results are kept where the optimiser cannot prove that nobody looks. */
export let kept: unknown;

const book: PriceBook = defaultPriceBook();

/** What the gateway does for one answer, with the payload as it came. */
function farthing(entry: CorpusCase) {
  const request = usageRequest(entry);
  const { provider, model: requested, api, date, context } = entry;
  const at = Date.parse(date);
  return () => {
    const reading = readUsage(request);
    const model = pricedModel({ provider, requested, answered: reading.model });
    return context === undefined
      ? book.price({ provider, api, model, at, reading })
      : book.price({ provider, api, model, at, reading, context });
  };
}

function reading(entry: CorpusCase) {
  const request = usageRequest(entry);
  return () => readUsage(request);
}

function usageRequest({ provider, api, context, usage: payload }: CorpusCase): UsageRequest {
  return context === undefined ? { provider, api, payload } : { provider, api, payload, context };
}

/** Its two calls with all that can be prepared: provider found, stream assembled, model named, time made. */
function genaiPrices(entry: CorpusCase) {
  const extractor = extractorOf(entry);
  if (extractor === undefined) throw new Error(`${entry.id} has no extractor`);
  const { provider, flavour } = extractor;
  const answer = namedModel(plainAnswer(entry.usage), entry);
  const timestamp = new Date(entry.date);
  return () => {
    const { usage, model } = extractUsage(provider, answer, flavour);
    return calcPrice(usage, model ?? entry.model, { provider, timestamp });
  };
}

/** Whole answers that genai-prices finds a price for: streams and batch files are not its trade. */
function takenByBoth(entry: CorpusCase): boolean {
  if (extractorOf(entry) === undefined || plainAnswer(entry.usage) !== entry.usage) return false;
  try {
    return genaiPrices(entry)() !== null;
  } catch {
    return false;
  }
}

/** The table of docs/benchmarks.md. `~`: no round was quiet. */
export function speedTable(figures: readonly SpeedFigure[]): string {
  const lines = figures.map((figure) => {
    const { subject, payloads, calls, median_us, fastest_us, slowest_us, quiet_rounds } = figure;
    const ours = figures.find((other) => other.payloads === payloads);
    const ratio = subject === ours?.subject ? '' : (median_us / (ours?.median_us ?? 0)).toFixed(1);
    const noisy = quiet_rounds === 0 ? '~' : '';
    return [
      payloads,
      String(calls),
      subject,
      noisy + median_us.toFixed(2),
      `${fastest_us.toFixed(2)}–${slowest_us.toFixed(2)}`,
      String(quiet_rounds),
      ratio,
    ];
  });
  const head = ['payloads', 'number', 'what', 'µs a call', 'rounds', 'quiet', '× Farthing'];
  return [head, ['---', '---:', '---', '---:', '---:', '---:', '---:'], ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
