import { FarthingError, type FinalAfter, type Window } from '@farthing/core';

const day = 86_400_000;
const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: day };

/** Widens a window to whole UTC days, because providers state costs by the day. */
export function wholeDays({ from, to }: Window): Window {
  const start = Math.floor(Date.parse(from) / day) * day;
  const end = Math.ceil(Date.parse(to) / day) * day;
  return { from: new Date(start).toISOString(), to: new Date(end).toISOString() };
}

/** The window and some time around it. */
export function around({ from, to }: Window, milliseconds: number): Window {
  return {
    from: new Date(Date.parse(from) - milliseconds).toISOString(),
    to: new Date(Date.parse(to) + milliseconds).toISOString(),
  };
}

/** `90m`, `24h`, `3d`: how long usage and costs may still change. Throws `invalid_span`. */
export function readFinalAfter(text: string): FinalAfter {
  const parts = /^(\d{1,6})([mhd])$/.exec(text);
  if (parts === null) {
    throw new FarthingError('invalid_span', `"${text}" is no span. Write 0m, 90m, 24h or 3d.`);
  }
  const milliseconds = Number(parts[1]) * units[parts[2]!]!;
  return { usage: milliseconds, costs: milliseconds };
}
