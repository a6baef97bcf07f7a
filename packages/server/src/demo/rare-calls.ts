import { Random } from '../fake-provider/random.js';
import { features, type Feature } from './company.js';
import { drawWork, type DemoCall, type DemoTokens } from './draw-work.js';
import type { Stories } from './stories.js';

const hour = 3_600_000;

/** What one call of a feature had, unlike all others. */
interface Rarity {
  feature: string;
  at: number;
  /** Where its new input comes from. */
  shares: Pick<Feature, 'contextShare' | 'historyShare'>;
  tokens: Partial<DemoTokens>;
  /** Attempts that were billed; of all but the last the caller did not await the end. Default 1. */
  attempts?: number;
}

/**
 * Single calls that cost far more than their peers, each for a reason of its own: a log that somebody pasted
 * into the chat, a search that returned whole manuals, an answer that was thought over at great length,
 * and a question with a mail thread without end, sent three times because nobody waited for the answer.
 */
export function rareCalls(seed: string, { templateChangeAt }: Stories): DemoCall[] {
  const rarities: Rarity[] = [
    {
      feature: 'support-chat',
      at: templateChangeAt + 2.2 * hour,
      shares: { historyShare: 0.02 },
      tokens: { input: 74_000 },
    },
    {
      feature: 'search-answers',
      at: templateChangeAt + 5.1 * hour,
      shares: { contextShare: 0.995 },
      tokens: { input: 118_000 },
    },
    {
      feature: 'meeting-notes',
      at: templateChangeAt + 6.4 * hour,
      shares: {},
      tokens: { output: 24_600, reasoning: 23_936 },
    },
    {
      feature: 'contract-questions',
      at: templateChangeAt + 1.3 * hour,
      shares: { historyShare: 0.97 },
      tokens: { input: 46_000 },
      attempts: 3,
    },
  ];
  return rarities.flatMap((rarity) => draw(new Random(`${seed} rare ${rarity.feature}`), rarity));
}

function draw(random: Random, { feature: name, at, shares, tokens, attempts = 1 }: Rarity) {
  const usual = features.find((feature) => feature.name === name) as Feature;
  const feature: Feature = { ...usual, ...shares };
  const work = drawWork(random, feature, at);
  // A failure before is none of this story.
  const call = { ...work.at(-1)!, at, attempt: 1, failure: null };
  const rare: DemoCall = {
    ...call,
    tags: { feature: name, template_version: feature.template, ...call.tags },
    tokens: { ...call.tokens, ...tokens },
    durationMs: call.durationMs + 30_000,
  };
  return Array.from({ length: attempts }, (_, index): DemoCall => ({
    ...rare,
    at: at + index * 61_000,
    attempt: index + 1,
    ...(index < attempts - 1 ? { aborted: true } : {}),
  }));
}
