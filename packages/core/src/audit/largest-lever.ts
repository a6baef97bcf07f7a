import type { PromptSource } from '../estimate/prompt-sources.js';

/** What would save most, and how. */
export interface Lever {
  source: PromptSource;
  /** Its part of the input's cost, or of its tokens where the cost is not known. */
  share: number;
  usd: string | null;
  /** How to save there: "retrieve fewer or shorter passages". */
  advice: string;
  /** One sentence for people. */
  sentence: string;
}

/** Below, nothing that could be saved is worth a change. */
const leastLever = 0.1;

const advice: Readonly<Record<PromptSource, string>> = {
  system:
    'put what stays the same first, so that the provider caches it; shorten what no answer needs',
  tools: 'send only the tools that this step can use, with shorter descriptions',
  context: 'retrieve fewer or shorter passages, and shorten what tools return',
  history: 'summarise or drop older turns, or let a budget truncate them',
  files: 'send smaller images, or upload a file once and refer to it',
  user: 'shorten the question',
};

const names: Readonly<Record<PromptSource, string>> = {
  system: 'Instructions are',
  tools: 'Tool schemas are',
  context: 'Retrieved text and tool results are',
  history: 'Earlier turns are',
  files: 'Images and files are',
  user: 'Questions are',
};

/** The dearest source but the question itself, which is what the call is for. Null below a tenth. */
export function largestLever(
  sources: readonly {
    source: PromptSource;
    share: number;
    cost_share: number | null;
    usd: string | null;
  }[],
): Lever | null {
  const weight = (each: (typeof sources)[number]) => each.cost_share ?? each.share;
  const [largest] = sources
    .filter(({ source }) => source !== 'user')
    .toSorted((a, b) => weight(b) - weight(a));
  if (largest === undefined || weight(largest) < leastLever) return null;
  const { source, usd } = largest;
  const share = weight(largest);
  const of = largest.cost_share === null ? 'input tokens' : "input's cost";
  return {
    source,
    share,
    usd,
    advice: advice[source],
    sentence: `${names[source]} ${Math.round(share * 100)} % of the ${of}: ${advice[source]}.`,
  };
}
