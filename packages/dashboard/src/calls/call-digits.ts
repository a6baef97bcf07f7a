const isDollars = (usd: string) => !usd.startsWith('0') && !usd.startsWith('-0');

/** Costs of single calls line up at 6 decimals; a dollar and more needs fewer. */
export const callDigits = (usd: string | null): number => (usd !== null && isDollars(usd) ? 4 : 6);
