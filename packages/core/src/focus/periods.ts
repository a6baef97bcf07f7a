/** A half-open span of time, both ends as the specification writes them: `2026-10-01T00:00:00Z`. */
export interface Period {
  start: string;
  end: string;
}

const hour = 3_600_000;

/** To the second, in UTC: the specification's date-time format has no fractions. */
function toSecond(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** The calendar month (UTC) of a moment, given as ISO 8601 in UTC. */
export function monthOf(moment: string): Period {
  const year = Number(moment.slice(0, 4));
  const month = Number(moment.slice(5, 7));
  return { start: toSecond(Date.UTC(year, month - 1)), end: toSecond(Date.UTC(year, month)) };
}

/**
 * The whole seconds that a call touched, at least one. A call belongs to the month in which it
 * started, so its period ends there at the latest.
 */
export function secondsOf(startedAt: string, endedAt: string): Period {
  const start = Math.floor(Date.parse(startedAt) / 1000) * 1000;
  const end = Math.max(Math.ceil(Date.parse(endedAt) / 1000) * 1000, start + 1000);
  return {
    start: toSecond(start),
    end: toSecond(Math.min(end, Date.parse(monthOf(startedAt).end))),
  };
}

/** The hour (UTC) in which a call started. */
export function hourOf(startedAt: string): Period {
  const start = Math.floor(Date.parse(startedAt) / hour) * hour;
  return { start: toSecond(start), end: toSecond(start + hour) };
}
