import { PriceBook, pricedModel, readUsage } from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { calcPrice, extractUsage } from '@pydantic/genai-prices';
import type { CorpusCase } from './corpus.js';
import { plainAnswer } from './plain-answer.js';
import { extractorOf, namedModel } from './targets/genai-prices.js';

/** One way through one set of payloads. Microseconds a call: medians and extremes of the rounds. */
export interface SpeedFigure {
  subject: string;
  payloads: string;
  calls: number;
  median_us: number;
  fastest_us: number;
  slowest_us: number;
}

interface Contender {
  subject: string;
  payloads: string;
  work: readonly (() => unknown)[];
  rounds: number[];
}

/**
 * Reading and pricing, µs a call, everything in one process and in turn. A round passes over its
 * payloads until {@link enough} has gone by; half the rounds go through the contenders backwards.
 */
export function measureSpeed(cases: readonly CorpusCase[], rounds: number): SpeedFigure[] {
  const both = cases.filter(takenByBoth);
  const chat = both.filter(({ api }) => api === 'chat.completions');
  const contenders = [
    contender('Farthing: read and price', 'all of the corpus', cases.map(farthing)),
    contender('Farthing: read only', 'all of the corpus', cases.map(reading)),
    contender('Farthing: read and price', 'answers that both take', both.map(farthing)),
    contender(
      'genai-prices: extract and calculate',
      'answers that both take',
      both.map(genaiPrices),
    ),
    contender('Farthing: read and price', 'of these, chat completions', chat.map(farthing)),
    contender(
      'genai-prices: extract and calculate',
      'of these, chat completions',
      chat.map(genaiPrices),
    ),
  ];
  for (const { work } of contenders) run(work, 1_000);
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? contenders : contenders.toReversed();
    for (const { work, rounds: figures } of order) figures.push(run(work, enough));
  }
  return contenders.map(({ subject, payloads, work, rounds: figures }) => {
    const sorted = figures.toSorted((one, other) => one - other);
    return {
      subject,
      payloads,
      calls: work.length,
      median_us: sorted[Math.floor(sorted.length / 2)] ?? 0,
      fastest_us: sorted[0] ?? 0,
      slowest_us: sorted.at(-1) ?? 0,
    };
  });
}

/** Milliseconds of one round of one contender. */
const enough = 200;

function contender(subject: string, payloads: string, work: readonly (() => unknown)[]): Contender {
  return { subject, payloads, work, rounds: [] };
}

/** Microseconds of processor time a call, garbage collection included: other work on the machine counts little. */
function run(work: readonly (() => unknown)[], milliseconds: number): number {
  const start = process.cpuUsage();
  let passes = 0;
  let passed = 0;
  while (passed < milliseconds) {
    for (const call of work) kept = call();
    passes += 1;
    const { user, system } = process.cpuUsage(start);
    passed = (user + system) / 1_000;
  }
  return (passed * 1_000) / (passes * work.length);
}

/** Results are kept where the optimiser cannot prove that nobody looks. */
export let kept: unknown;

const book: PriceBook = defaultPriceBook();

/** What the gateway does for one answer, with the payload as it came. */
function farthing({ provider, model: requested, api, date, context, usage: payload }: CorpusCase) {
  const facts = context === undefined ? {} : { context };
  const at = Date.parse(date);
  return () => {
    const reading = readUsage({ provider, api, payload, ...facts });
    const model = pricedModel({ provider, requested, answered: reading.model });
    return book.price({ provider, api, model, at, reading, ...facts });
  };
}

function reading({ provider, api, context, usage: payload }: CorpusCase) {
  const facts = context === undefined ? {} : { context };
  return () => readUsage({ provider, api, payload, ...facts });
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

/** The table of docs/benchmarks.md. */
export function speedTable(figures: readonly SpeedFigure[]): string {
  const lines = figures.map(({ subject, payloads, calls, median_us, fastest_us, slowest_us }) => {
    const ours = figures.find(
      (other) => other.payloads === payloads && other.subject.startsWith('Farthing: read and'),
    );
    const ratio = ours === undefined ? '' : `${(median_us / ours.median_us).toFixed(1)} ×`;
    const spread = `${fastest_us.toFixed(2)}–${slowest_us.toFixed(2)}`;
    return [payloads, String(calls), subject, median_us.toFixed(2), spread, ratio];
  });
  const head = ['payloads', 'number', 'what', 'median µs a call', 'rounds', 'of Farthing’s'];
  return [head, ['---', '---:', '---', '---:', '---:', '---:'], ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}
