import { bareName } from '../estimate/count/tokenizer-family.js';
import { formatUsd, type Picodollars } from '../money.js';
import { displayUsd } from './display-usd.js';
import { isSameModel, isSameProvider } from './reprice-cell.js';
import type { Scenario } from './scenario.js';
import { isSame, tokenShift } from './token-shift.js';
import type { Compared } from './what-if.js';

/** What the figures take for granted, each in a sentence; empty where everything was counted. */
export function stateAssumptions(
  scenario: Scenario,
  compared: readonly Compared[],
  otherRates: Picodollars,
): string[] {
  const sentences: string[] = [];
  const moved = compared.filter(({ cell, outcome }) => !isSameModel(cell.source, outcome.target));
  if (moved.length > 0) {
    sentences.push(lengthSentence(scenario));
    sentences.push(...tokenizerSentences(moved));
    const cached = moved.some(
      ({ cell, outcome }) =>
        !isSameProvider(cell.source, outcome.target) && cell.usage.tokens.cache_read > 0,
    );
    if (cached && scenario.cache_hit_ratio === undefined && scenario.cache === undefined) {
      sentences.push(
        'What was read from a cache is taken to be read from the other provider’s too; at worst nothing is.',
      );
    }
    if (scenario.output_factor === undefined) sentences.push(...reasoningSentences(moved));
    const fees = moved.reduce((sum, { outcome }) => sum + outcome.fees, 0n);
    if (fees !== 0n) {
      sentences.push(
        `Fees that are not for tokens (searches, images, tools) are taken over as they are: ${displayUsd(formatUsd(fees))}.`,
      );
    }
  }
  if (scenario.batch === true) {
    sentences.push('Batches take up to 24 hours: what somebody waits for cannot be sent as one.');
  }
  if (scenario.cache_hit_ratio !== undefined) {
    sentences.push(
      `The cache is taken to hold ${percent(scenario.cache_hit_ratio)} of the input; of the rest, half is taken to be written to it (none to all).`,
    );
  }
  if (scenario.cache !== undefined && scenario.cache !== 'none') {
    sentences.push(
      'The cache was played through by fingerprints of how prompts begin, with the rules of the model that the calls ran on; reads may be 5 % off.',
    );
  }
  if (scenario.history_cap !== undefined) sentences.push(historySentence(compared));
  if (scenario.output_cap !== undefined) {
    sentences.push(
      'Answers are taken to end at the cap; one that breaks off may be asked for again.',
    );
  }
  if (otherRates > 0n) {
    sentences.push(
      `${displayUsd(formatUsd(otherRates))} of it was booked at other than ordinary rates (a tier, a region, sound or images, a stated cost): at the same provider the difference is taken to stay.`,
    );
  }
  return sentences;
}

function lengthSentence({ output_factor: factor }: Scenario): string {
  return factor === undefined
    ? 'Answers are taken to be as long on the other model as they were: see tenth_of_output_usd for what a tenth more would cost. Send some samples there, and give output_factor for how much longer they are.'
    : `Answers are taken to be ${factor} times as long on the other model, as was given.`;
}

/**
 * Models that think before each answer unless told otherwise, by their makers' documentation: OpenAI's o
 * series and GPT-5 on, Gemini from 2.5 on, and those named for it.
 */
const reasons =
  /^(?:o[1-9]|gpt-[5-9](?!.*chat)|gemini-(?:2\.5-(?:pro|flash(?!-lite))|[3-9])|magistral|qwq|grok-4(?!.*non-reasoning))|reason(?:er|ing)$|thinking/;

function reasoningSentences(moved: readonly Compared[]): string[] {
  const calls = moved.filter(({ cell }) => cell.usage.tokens.output > 0);
  // What reasons by itself and was told not to is taken to be told so on the other model, too.
  const begins = calls.find(
    ({ cell, outcome }) =>
      reasons.test(bareName(outcome.target.model)) &&
      !reasons.test(bareName(cell.source.model)) &&
      cell.usage.reasoning === 0,
  );
  if (begins !== undefined) {
    return [
      `${begins.outcome.target.model} reasons before it answers, which ${begins.cell.source.model} did not: its output will be longer, often by half or more.`,
    ];
  }
  return calls.some(({ cell }) => cell.usage.reasoning > 0)
    ? ['Some of these calls reason: another model may reason more, less or not at all.']
    : [];
}

/** A sentence for each factor: models that split text alike are named together. */
function tokenizerSentences(moved: readonly Compared[]): string[] {
  const sources = new Map<string, { target: string; models: Set<string> }>();
  for (const { cell, outcome } of moved) {
    const shift = tokenShift(cell.source, outcome.target);
    if (isSame(shift)) continue;
    const { low, expected, high } = shift;
    const factor = `${expected.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
    const known = sources.get(factor) ?? { target: outcome.target.model, models: new Set() };
    sources.set(factor, known);
    known.models.add(cell.source.model);
  }
  return [...sources].map(
    ([factor, { target, models }]) =>
      `Tokenizers differ: what ${listed([...models])} counted is taken times ${factor} on ${target}.`,
  );
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function historySentence(compared: readonly Compared[]): string {
  const known = compared.filter(({ cell }) => (cell.prompt?.tokens ?? 0) > 0).length;
  return known === 0
    ? 'No call in this window was taken apart, so that nothing is known of its history: the cap changes nothing here. Calls through the gateway are, unless audit.prompts is false.'
    : 'History is known of the calls that were taken apart; the others are taken to be like them. It may come out of the cache or not.';
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
