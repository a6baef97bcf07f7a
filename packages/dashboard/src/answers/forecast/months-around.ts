/** Months to choose from as `2026-12`: three that are over, this one, and three ahead. */
export function monthsAround(
  now: Date,
  chosen: string | undefined,
): { now: string; all: string[] } {
  const month = (shift: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + shift)).toISOString().slice(0, 7);
  const all = [-3, -2, -1, 0, 1, 2, 3].map(month);
  // One that a link names is among them as well, if it is a month at all.
  if (chosen !== undefined && /^\d{4}-(0[1-9]|1[0-2])$/.test(chosen)) all.push(chosen);
  return { now: month(0), all: [...new Set(all)].sort() };
}
