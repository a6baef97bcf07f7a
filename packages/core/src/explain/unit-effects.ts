import { inputTokens, tokenKinds, type Cell, type TokenKind } from './cell.js';
import { addEffect, type EffectKind, type Effects } from './effects.js';
import { changeOf, logChange, ratioChange } from './exact-change.js';
import { logMean } from './log-mean.js';

/**
 * A factor of what a call of a leaf costs, as a ratio of two sums over its cells: attempts per call,
 * tokens per attempt, … Their product over the whole chain is cost per call.
 */
export interface Factor {
  kind: EffectKind;
  over: (cell: Cell) => number;
  under: (cell: Cell) => number;
}

/** The chain for one kind of token: cost of it ÷ calls served = the product of these ratios. */
export function factorsOf(token: TokenKind): readonly Factor[] {
  return chains[token];
}

const retries: Factor = {
  kind: 'retries',
  over: ({ attempts }) => attempts,
  under: ({ served }) => served,
};
const coverage: Factor = {
  kind: 'unpriced',
  over: ({ priced }) => priced,
  under: ({ attempts }) => attempts,
};
const price = (token: TokenKind): Factor => ({
  kind: 'price',
  over: ({ cost }) => Number(cost[token]),
  under: ({ tokens }) => tokens[token],
});
const inputChain = (token: TokenKind): Factor[] => [
  retries,
  coverage,
  { kind: 'input', over: inputTokens, under: ({ priced }) => priced },
  { kind: 'cache', over: ({ tokens }) => tokens[token], under: inputTokens },
  price(token),
];
const chains: Record<TokenKind, readonly Factor[]> = {
  uncached: inputChain('uncached'),
  cache_read: inputChain('cache_read'),
  cache_write: inputChain('cache_write'),
  output: [
    retries,
    coverage,
    { kind: 'output', over: ({ tokens }) => tokens.output, under: ({ priced }) => priced },
    price('output'),
  ],
};

/** One factor's part in the change of what a leaf's calls cost, in picodollars. */
export interface FactorEffect {
  factor: Factor;
  value: number;
  /** The same for each unit that the factor's ratio changed; not finite where the ratio has no value. */
  perChange: number;
}

/**
 * Splits the change of the cost per call between two sides of a leaf, times `calls` (the mean of both
 * sides), among the factors of that cost. `was` and `is` must have calls.
 *
 * Each kind of token is a product, and its change splits by LMDI-I into calls × L(c₁, c₀) × ln(x₁ ÷ x₀)
 * for each factor x. Where a side is zero, the whole change goes to the first factor that vanished; where
 * the factors cannot tell (a cost without tokens, a negative one), to the price.
 */
export function unitEffects(was: Cell, is: Cell, calls: number): FactorEffect[] {
  const effects: FactorEffect[] = [];
  const served = changeOf(was.served, is.served);
  for (const token of tokenKinds) {
    const cost = changeOf(was.cost[token], is.cost[token]);
    if (cost.was === 0 && cost.is === 0) continue;
    const factors = chains[token];
    const last = factors.at(-1)!;
    const whole = calls * ratioChange(cost, served);
    if (cost.was <= 0 || cost.is <= 0) {
      const empty = cost.was === 0 ? was : cost.is === 0 ? is : null;
      const vanished = factors.find(({ over }) => empty !== null && over(empty) === 0) ?? last;
      effects.push(wholeChange(vanished, whole, was, is));
      continue;
    }
    if (!factors.every((factor) => isRatio(factor, was) && isRatio(factor, is))) {
      effects.push(wholeChange(last, whole, was, is));
      continue;
    }
    const mean = calls * logMean(cost.is / is.served, cost.was / was.served);
    for (const factor of factors) {
      const over = factor === last ? cost : changeOf(factor.over(was), factor.over(is));
      const under = changeOf(factor.under(was), factor.under(is));
      const value = mean * (logChange(over) - logChange(under));
      // Not value ÷ change: of a change that is only noise, that would be noise of any size.
      const perChange = mean / logMean(ratioOf(factor, is), ratioOf(factor, was));
      effects.push({ factor, value, perChange });
    }
  }
  return effects;
}

/** Whether there is something above and below the line. */
function isRatio({ over, under }: Factor, cell: Cell): boolean {
  return over(cell) > 0 && under(cell) > 0;
}

function wholeChange(factor: Factor, value: number, was: Cell, is: Cell): FactorEffect {
  return { factor, value, perChange: value / (ratioOf(factor, is) - ratioOf(factor, was)) };
}

export function ratioOf({ over, under }: Factor, cell: Cell): number {
  return over(cell) / under(cell);
}

export function sumByKind(effects: readonly FactorEffect[]): Effects {
  const sums: Effects = {};
  for (const { factor, value } of effects) addEffect(sums, factor.kind, value);
  return sums;
}
