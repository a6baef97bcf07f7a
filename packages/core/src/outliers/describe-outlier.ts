import type { PromptSource } from '../estimate/prompt-sources.js';
import { describeMoney } from '../explain/describe-money.js';
import { hasRunOn, readShare, type OutlierCause } from './outlier-causes.js';
import type { RunAround } from './run-around.js';
import { inputCostOf, inputOf, type CallShape } from './typical-call.js';

/** What a sentence about an outlier is made of. */
export interface DescribedOutlier {
  cause: OutlierCause | null;
  call: CallShape;
  typical: CallShape;
  model: string | null;
  usualModel: string | null;
  attempt: number;
  run: RunAround | null;
}

const sources: Readonly<Record<PromptSource, string>> = {
  system: 'Its instructions',
  tools: 'Its tool definitions',
  context: 'What tools and searches had brought',
  history: 'The turns before it',
  user: 'What the user said',
  files: 'Its images and files',
};

/** Why a call cost what it did, in a sentence; a second one where it was not the first attempt. */
export function describeOutlier(outlier: DescribedOutlier): string {
  const { attempt } = outlier;
  const again = attempt > 1 ? ` It was attempt ${attempt}; the ones before it are calls too.` : '';
  return `${because(outlier)}${again}`;
}

function because(outlier: DescribedOutlier): string {
  const { cause, call, typical, model, usualModel, run } = outlier;
  const input = inputOf(call.tokens);
  const usual = inputOf(typical.tokens);
  switch (cause?.cause) {
    case undefined:
      return 'It costs what its peers cost on average, which is far above their median.';
    case 'prompt_grew':
    case 'tool_returned_too_much': {
      if (cause.source === null || call.prompt === null || typical.prompt === null) {
        return `Its prompt had ${tokens(input)}; such calls have ${count(usual)}${times(input, usual)}.`;
      }
      const own = call.prompt[cause.source];
      const theirs = typical.prompt[cause.source];
      return `${sources[cause.source]} took ${tokens(own)} of its prompt; of such calls it is ${count(theirs)}${times(own, theirs)}.`;
    }
    case 'loop_ran_on':
      return `It was call ${count(run?.position ?? 0)} of its run, where such runs have ${count(run?.usual_calls ?? 0)}: its prompt had ${tokens(input)}, that of such calls ${count(usual)}.`;
    case 'cache_miss':
      return `${percent(readShare(call))} of its input came from the cache; of such calls it is ${percent(readShare(typical))}.`;
    case 'cache_write':
      return `It wrote ${tokens(call.tokens.written)} to the cache; such calls write ${count(typical.tokens.written)}.`;
    case 'longer_output':
      return `Its answer had ${tokens(call.tokens.output)}; such calls have ${count(typical.tokens.output)}${times(call.tokens.output, typical.tokens.output)}.`;
    case 'more_reasoning':
      return `It reasoned for ${tokens(call.tokens.reasoning)}; such calls do for ${count(typical.tokens.reasoning)}${times(call.tokens.reasoning, typical.tokens.reasoning)}.`;
    case 'bigger_model':
      return `It went to ${model ?? 'another model'}; such calls mostly go to ${usualModel ?? 'another one'}${times(price(call), price(typical), 'the price of a token')}.`;
    case 'price':
      return `A token of it cost ${describeMoney(perMillion(call))} per million; those of such calls cost ${describeMoney(perMillion(typical))}${times(price(call), price(typical))}.`;
    case 'stated_cost': {
      const charges = inputCostOf(call.cost) + call.cost.output;
      const stated = describeMoney(charges + call.cost.other);
      return charges > 0n
        ? `Its cost is stated as ${stated}; its tokens come to ${describeMoney(charges)} at list price.`
        : `Its cost is stated as ${stated} for ${tokens(input + call.tokens.output)}${times(price(call), price(typical), 'the usual price of a token')}.`;
    }
    case 'units':
      return `Searches, images and other units cost ${describeMoney(call.cost.other)}; of such calls it is ${describeMoney(typical.cost.other)}.`;
  }
}

/** Also said of calls whose largest cause is another one. */
export function describeRun(run: RunAround): string {
  const retries =
    run.retries === 0
      ? ''
      : `, ${count(run.retries)} of them retries${run.retries_usd === null ? '' : ` at $${run.retries_usd}`}`;
  const usual =
    run.usual_calls === null || !hasRunOn(run) ? '' : ` (such runs have ${count(run.usual_calls)})`;
  return `Call ${count(run.position)} of ${count(run.calls)} of its run${usual}${retries}.`;
}

function tokens(value: number): string {
  return `${count(value)} tokens`;
}

function count(value: number): string {
  if (value > 0 && value < 10 && !Number.isInteger(value)) return value.toFixed(1);
  return Math.round(value).toLocaleString('en-US');
}

function percent(share: number): string {
  return share === 0 ? 'None' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function times(now: number, usual: number, of = ''): string {
  if (!(usual > 0) || !(now > usual * 1.05)) return '';
  const factor = now / usual;
  const shown = factor < 9.95 ? factor.toFixed(1) : Math.round(factor).toLocaleString('en-US');
  return ` (${shown} ×${of === '' ? '' : ` ${of}`})`;
}

/** USD of a token, over input and output. */
function price({ cost, tokens: own }: CallShape): number {
  const all = inputOf(own) + own.output;
  return all === 0 ? 0 : Number(inputCostOf(cost) + cost.output + cost.other) / all;
}

function perMillion(call: CallShape): bigint {
  return BigInt(Math.round(price(call) * 1_000_000));
}
