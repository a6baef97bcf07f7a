import { createReadStream } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import {
  canonicalProvider,
  emptyTokens,
  type Cost,
  type PriceBook,
  type UsageReading,
} from '@farthing/core';
import { defaultPriceBook } from '@farthing/core/prices';
import { Command, InvalidArgumentError } from 'commander';
import { usageError } from '../output/exit-codes.js';
import { LinePricer } from './price-line.js';
import type { PriceDesk } from './desk.js';
import { LineWriter } from '../output/line-writer.js';
import { readLines } from '../output/read-lines.js';

interface PriceFlags {
  jsonl?: true;
  json?: true;
  provider?: string;
  model?: string;
  input?: number;
  output?: number;
  cacheRead?: number;
  cacheWrite?: number;
  date?: string;
  tier?: string;
}

export interface PriceStreams {
  input: Readable;
  output: Writable;
}

/** Where a model is looked for when no provider is named, in this order. */
const commonProviders = [
  'openai',
  'anthropic',
  'google',
  'mistral',
  'deepseek',
  'xai',
  'cohere',
  'groq',
  'moonshotai',
  'perplexity',
  'voyageai',
  'aws-bedrock',
];

/**
 * `farthing price`: what calls cost, from the price book alone (nothing is recorded). With `--jsonl` it
 * prices lines `{id, provider, model, api, date, usage, context?}` from a file or standard input as
 * they come, from the published prices alone and what the lines themselves bring, so that the same
 * lines always cost the same; with `--model` and token counts it explains one call, at one's own prices
 * where there are some (farthing.yaml, the data directory).
 */
export function priceCommand(
  streams: PriceStreams = { input: process.stdin, output: process.stdout },
  openDesk?: () => Promise<PriceDesk>,
): Command {
  return new Command('price')
    .description('Price calls from the price book, without recording them')
    .argument('[file]', 'lines to price with --jsonl; standard input when left out or "-"')
    .option('--jsonl', 'read and write one JSON object per line')
    .option('--provider <name>', 'whose price list (default: the first that has the model)')
    .option('--model <id>', 'model of the one call to price')
    .option('--input <tokens>', 'input tokens, without cached ones', count)
    .option('--output <tokens>', 'output tokens, reasoning included', count)
    .option('--cache-read <tokens>', 'input tokens read from the cache', count)
    .option('--cache-write <tokens>', 'input tokens written to the cache', count)
    .option('--tier <name>', 'service tier that served the call: batch, flex, priority')
    .option('--date <time>', 'when the call was made, ISO 8601 (default: now)')
    .option('--json', 'print the cost of the one call as JSON')
    .action((file: string | undefined, flags: PriceFlags) => run(streams, openDesk, file, flags));
}

async function run(
  streams: PriceStreams,
  openDesk: (() => Promise<PriceDesk>) | undefined,
  file: string | undefined,
  flags: PriceFlags,
): Promise<void> {
  if (flags.jsonl === true) return priceLines(streams, file);
  if (flags.model === undefined) {
    throw usageError('Say what to price: --jsonl for lines, or --model with --input and --output.');
  }
  const counts = [flags.input, flags.output, flags.cacheRead, flags.cacheWrite];
  if (counts.every((tokens) => tokens === undefined)) {
    throw usageError(
      `Say how many tokens to price: --model ${flags.model} --input 1000 --output 200. "farthing prices show ${flags.model}" has the rates.`,
    );
  }
  const desk = await openDesk?.();
  try {
    const book = desk?.book ?? defaultPriceBook();
    const provider = flags.provider ?? providerOf(book, flags.model);
    const cost = priceOne(book, provider, flags);
    streams.output.write(
      flags.json === true ? `${JSON.stringify(cost)}\n` : explain(provider, flags, cost),
    );
    if (desk !== undefined && flags.json !== true) {
      streams.output.write(`  Prices: ${desk.status().book}\n`);
    }
    if (cost.usd === null) process.exitCode = 1;
  } finally {
    desk?.close();
  }
}

/**
 * Prices lines as they arrive and keeps going over bad ones, each of which is answered by a line that
 * says what is wrong; the exit code is then 1. A reader that leaves early (`| head`) ends it quietly.
 */
async function priceLines(
  { input, output }: PriceStreams,
  file: string | undefined,
): Promise<void> {
  const source = file === undefined || file === '-' ? input : createReadStream(file);
  const pricer = new LinePricer(defaultPriceBook);
  const writer = new LineWriter(output);
  let failed = false;
  for await (const { text, number } of readLines(source)) {
    const result = text === null ? overlong(number) : pricer.price(text, number);
    if ('error' in result) failed = true;
    await writer.write(`${JSON.stringify(result)}\n`);
    if (writer.readerLeft) return;
  }
  await writer.flush();
  if (failed) process.exitCode = 1;
}

function overlong(line: number) {
  const message = `line ${line}: longer than a record can be. Is this a file of lines of JSON?`;
  return { id: null, line, error: { code: 'invalid_line', message } };
}

function priceOne(book: PriceBook, provider: string, flags: PriceFlags): Cost {
  const tokens = emptyTokens();
  tokens.input_uncached = flags.input ?? 0;
  tokens.cache_read = flags.cacheRead ?? 0;
  tokens.cache_write = flags.cacheWrite ?? 0;
  tokens.output = flags.output ?? 0;
  const reading: UsageReading = {
    status: 'ok',
    usage: {
      tokens,
      details: {},
      units: {},
      modifiers: flags.tier === undefined ? {} : { service_tier: flags.tier },
      estimated: false,
      raw: null,
      notes: [],
    },
  };
  const at = flags.date ?? new Date().toISOString();
  return book.price({ provider, api: 'chat.completions', model: flags.model ?? null, at, reading });
}

function providerOf(book: PriceBook, model: string): string {
  const prefix = model.includes('/') ? canonicalProvider(model.slice(0, model.indexOf('/'))) : '';
  const candidates = prefix === '' ? commonProviders : [prefix, ...commonProviders, 'openrouter'];
  return candidates.find((provider) => book.knows(provider, model)) ?? 'openai';
}

function explain(provider: string, flags: PriceFlags, cost: Cost): string {
  if (cost.usd === null) return `unknown: ${cost.reason ?? cost.status}\n`;
  const lines = cost.charges.map(({ kind, quantity, rate_usd, per, amount_usd }) => {
    const rate = `$${rate_usd} / ${per.toLocaleString('en-US')}`;
    return `  ${kind.padEnd(16)} ${String(quantity).padStart(12)} × ${rate.padEnd(20)} $${amount_usd}`;
  });
  const since = cost.price?.effective_from?.slice(0, 10);
  const row =
    cost.price === undefined ? '' : `, ${cost.price.book}${since ? ` since ${since}` : ''}`;
  const head = `$${cost.usd}  ${flags.model} (${provider}${row})`;
  return `${[head, ...lines].join('\n')}\n`;
}

function count(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('must be a whole number of tokens.');
}
