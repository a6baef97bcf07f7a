/** A number on two sides, with its change as it is known before anything is rounded. */
export interface Change {
  was: number;
  is: number;
  by: number;
}

/** Counts below 2^53 have an exact difference; picodollars have one before they are made a number. */
export function changeOf(was: number, is: number): Change;
export function changeOf(was: bigint, is: bigint): Change;
export function changeOf(was: number | bigint, is: number | bigint): Change {
  const by = typeof was === 'bigint' ? (is as bigint) - was : (is as number) - was;
  return { was: Number(was), is: Number(is), by: Number(by) };
}

/**
 * over₁ ÷ under₁ − over₀ ÷ under₀, from the differences: of ratios that hardly move, the difference of the
 * quotients would be their rounding.
 */
export function ratioChange(over: Change, under: Change): number {
  return under.is > under.was
    ? (over.by - (over.was / under.was) * under.by) / under.is
    : (over.by - (over.is / under.is) * under.by) / under.was;
}

/** ln(x₁ ÷ x₀) of positive numbers, from the difference: near 1 the quotient has lost the digits that count. */
export function logChange({ was, is, by }: Change): number {
  const share = by / was;
  return Math.abs(share) < 0.5 ? Math.log1p(share) : Math.log(is / was);
}
