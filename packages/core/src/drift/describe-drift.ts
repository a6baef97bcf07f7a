import type { DriftCause, DriftRow } from './drift-report.js';
import { leastBuckets, leastCalls, type Bias } from './judge-bias.js';

const because: Readonly<Record<DriftCause, [more: string, less: string]>> = {
  input_tokens: [
    'requests have more tokens than their size suggests',
    'requests have fewer tokens than their size suggests',
  ],
  output_tokens: ['answers are longer', 'answers are shorter'],
  price: [
    'the price per token is higher than was expected (another model, tier or context length answered)',
    'the price per token is lower than was expected (input from a cache, or another tier)',
  ],
};

/** What a row of the drift report says, in a sentence or two. */
export function describeDrift(row: Omit<DriftRow, 'summary'>): string {
  const sentences = [biasSentence(row)];
  const { change, exceeds } = row.p95;
  if (exceeds && change !== null) {
    sentences.push(
      `P95 cost went ${change > 0 ? 'up' : 'down'} by ${percent(Math.abs(change))} against the period before.`,
    );
  }
  return sentences.join(' ');
}

function biasSentence(row: Omit<DriftRow, 'summary'>): string {
  if (row.verdict === 'not_judged') {
    if (row.estimated_calls === 0) return 'No call here has an estimate to compare with.';
    return `Not judged: ${row.estimated_calls} calls; it takes ${leastCalls}, in ${leastBuckets} different spans of time.`;
  }
  if (row.verdict === 'fair') return 'Estimates are fair.';
  const [what, bias] = leading(row);
  const isLow = bias.verdict === 'too_low';
  const reasons = row.causes.map((cause) => because[cause][isLow ? 0 : 1]);
  const reason = reasons.length === 0 ? '' : `, because ${reasons.join(' and ')}`;
  return `Estimates of ${what} are too ${isLow ? 'low' : 'high'}: calls took ${bias.ratio?.toFixed(2)} times what was expected${sinceText(bias)}${reason}.`;
}

/** The cost where it is off; else the tokens that are off most. */
function leading(row: Pick<DriftRow, 'cost' | 'input' | 'output'>): [string, Bias] {
  const all: [string, Bias][] = [
    ['cost', row.cost],
    ['output tokens', row.output],
    ['input tokens', row.input],
  ];
  const biased = all.filter(([, { verdict }]) => verdict === 'too_low' || verdict === 'too_high');
  const [first] = biased;
  if (first === undefined || first[0] === 'cost') return first ?? all[0]!;
  return biased.reduce((most, each) => (size(each[1]) > size(most[1]) ? each : most));
}

function size({ ratio }: Bias): number {
  return Math.abs(Math.log(Math.max(ratio ?? 1, 1e-9)));
}

function sinceText({ since, since_start: isStart }: Bias): string {
  if (since === null) return ', but no longer';
  if (isStart) return ' since the first of these calls';
  return ` since ${since.slice(0, 16).replace('T', ' ')} UTC`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
