const isDollars = (usd: string) => !usd.startsWith('0') && !usd.startsWith('-0');

/** Decimals of a single call's cost in a list of calls: what most of them need, fewer from a dollar on. */
export const callDigits = (usd: string | null): number => (usd !== null && isDollars(usd) ? 4 : 6);
