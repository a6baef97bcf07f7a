import { promptSources, type PromptSource } from '../estimate/prompt-sources.js';
import { roundParts } from '../explain/round-parts.js';
import type { Picodollars } from '../money.js';
import { splitByFactors } from './split-by-factors.js';
import { inputCostOf, inputOf, totalOf, type CallShape } from './typical-call.js';

/** What a difference of cost comes from, before anything is known of the run and the models. */
export type ExcessTerm =
  | { kind: 'prompt'; source: PromptSource | null }
  | { kind: 'cache' }
  | { kind: 'input_price' }
  | { kind: 'output' }
  | { kind: 'reasoning' }
  | { kind: 'output_price' }
  | { kind: 'other' };

export type ExcessPart = ExcessTerm & { amount: Picodollars };

/**
 * The difference between what a call costs and what its typical peer costs, divided without a rest.
 *
 * The cost of input is its tokens × what a token costs with its peers' cache × what that costs more or
 * less than with them, and that of output is its tokens × their price; each difference splits by
 * logarithms. More input is divided among the sources of the prompt, more output among reasoning and the
 * answer, each by the tokens that it has more. What is billed by no token is compared as it is. Where a
 * cost stands there as one figure, it is that of all tokens.
 */
export function splitExcess(call: CallShape, typical: CallShape): ExcessPart[] {
  const parts = [...splitInput(call, typical), ...splitOutput(call, typical)];
  const isOneFigure = [call, typical].some(
    ({ cost, tokens }) =>
      cost.other > 0n &&
      inputCostOf(cost) === 0n &&
      cost.output === 0n &&
      inputOf(tokens) + tokens.output > 0,
  );
  if (isOneFigure) return splitOneFigure(call, typical);
  parts.push({ kind: 'other', amount: call.cost.other - typical.cost.other });
  return parts.filter(({ amount }) => amount !== 0n);
}

function splitInput(call: CallShape, typical: CallShape): ExcessPart[] {
  const [now, before] = [inputCostOf(call.cost), inputCostOf(typical.cost)];
  const [tokens, usual] = [inputOf(call.tokens), inputOf(typical.tokens)];
  const price = tokens === 0 ? 0 : Number(now) / tokens;
  const usualPrice = usual === 0 ? 0 : Number(before) / usual;
  // Its own mix of fresh and cached tokens at its peers' prices.
  const cached = tokens === 0 ? 0 : atPricesOf(typical, call) / tokens;
  const [length, cache, rate] = splitByFactors(Number(now), Number(before), [
    [tokens, usual],
    [cached, usualPrice],
    [price, cached],
  ]) as [number, number, number];
  const [lengthAmount, cacheAmount, rateAmount] = roundParts([length, cache, rate], now - before);
  return [
    ...bySources(lengthAmount!, call, typical),
    { kind: 'cache', amount: cacheAmount! },
    { kind: 'input_price', amount: rateAmount! },
  ];
}

/** What the call's input would cost at its peers' prices; what none of them has, at its own. */
function atPricesOf(typical: CallShape, call: CallShape): number {
  return (['uncached', 'read', 'written'] as const).reduce((sum, kind) => {
    const usual = typical.tokens[kind];
    const own = Number(call.cost[kind]);
    // Below a thousandth of a token a call, its price is that of rounding.
    if (usual < 0.001) return sum + own;
    return sum + (call.tokens[kind] * Number(typical.cost[kind])) / usual;
  }, 0);
}

function bySources(amount: Picodollars, call: CallShape, typical: CallShape): ExcessPart[] {
  const more = inputOf(call.tokens) - inputOf(typical.tokens);
  if (call.prompt === null || typical.prompt === null || more === 0) {
    return [{ kind: 'prompt', source: null, amount }];
  }
  const { prompt: usual } = typical;
  const own = call.prompt;
  const counted = promptSources.reduce((sum, source) => sum + own[source], 0);
  const scale = counted === 0 ? 0 : inputOf(call.tokens) / counted;
  const parts = promptSources.map(
    (source) => (Number(amount) * (own[source] * scale - usual[source])) / more,
  );
  return roundParts(parts, amount).map((part, index) => ({
    kind: 'prompt',
    source: promptSources[index]!,
    amount: part,
  }));
}

function splitOutput(call: CallShape, typical: CallShape): ExcessPart[] {
  const [now, before] = [call.cost.output, typical.cost.output];
  const [tokens, usual] = [call.tokens.output, typical.tokens.output];
  const [length, rate] = splitByFactors(Number(now), Number(before), [
    [tokens, usual],
    [tokens === 0 ? 0 : Number(now) / tokens, usual === 0 ? 0 : Number(before) / usual],
  ]) as [number, number];
  const [lengthAmount, rateAmount] = roundParts([length, rate], now - before);
  const more = tokens - usual;
  const thought = call.tokens.reasoning - typical.tokens.reasoning;
  const byReasoning = more === 0 ? 0 : (Number(lengthAmount!) * thought) / more;
  const [reasoning, output] = roundParts(
    [byReasoning, Number(lengthAmount!) - byReasoning],
    lengthAmount!,
  );
  return [
    { kind: 'reasoning', amount: reasoning! },
    { kind: 'output', amount: output! },
    { kind: 'output_price', amount: rateAmount! },
  ];
}

/** One figure for all tokens: their number, divided as it moved, and what each of them costs. */
function splitOneFigure(call: CallShape, typical: CallShape): ExcessPart[] {
  const [now, before] = [totalOf(call.cost), totalOf(typical.cost)];
  const tokens = inputOf(call.tokens) + call.tokens.output;
  const usual = inputOf(typical.tokens) + typical.tokens.output;
  const [length, rate] = splitByFactors(Number(now), Number(before), [
    [tokens, usual],
    [tokens === 0 ? 0 : Number(now) / tokens, usual === 0 ? 0 : Number(before) / usual],
  ]) as [number, number];
  const [lengthAmount, rateAmount] = roundParts([length, rate], now - before);
  const more = tokens - usual;
  const byOutput =
    more === 0 ? 0 : (Number(lengthAmount!) * (call.tokens.output - typical.tokens.output)) / more;
  const [output, input] = roundParts([byOutput, Number(lengthAmount!) - byOutput], lengthAmount!);
  const parts: ExcessPart[] = [
    ...bySources(input!, call, typical),
    { kind: 'output', amount: output! },
    { kind: 'input_price', amount: rateAmount! },
  ];
  return parts.filter(({ amount }) => amount !== 0n);
}
