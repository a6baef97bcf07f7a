import type { AnswerBooks } from '../answer/index.js';
import type { Dimension, Filter, Window } from '../report/query.js';
import { amountsOf, type ForecastAmounts } from './amounts.js';
import { dayMilliseconds, iso, monthOf, monthWindow, startOfDay } from './calendar.js';
import type { DailySpend } from './daily-spend.js';
import { shareOfDayOver } from './day-profile.js';
import { describeForecast } from './describe-forecast.js';
import { spanOf, type ForecastSpan } from './forecast-span.js';
import { pointsOf, type ForecastPoint } from './points.js';
import { projectSpend } from './project-spend.js';
import { firstMinute, readHours, readSpend } from './read-spend.js';

export interface ForecastRequest {
  /** The moment that the forecast is made at (ISO 8601); calls from it on are not looked at. */
  now: string;
  /** `2026-12`; default: the month of `now`. Checked by {@link readForecastMonth}. */
  month?: string;
  by: Dimension[];
  filters?: Filter[];
  /** Most groups, by what they took in the half year that the forecast rests on. Default 20, at most 500. */
  limit?: number;
}

export interface ForecastRow extends ForecastAmounts {
  /** The dimensions' values; null is unattributed. */
  group: Record<string, string | null>;
}

export interface Forecast {
  /** `2026-12`. */
  month: string;
  window: Window;
  /** The moment that the forecast was made at. */
  now: string;
  by: Dimension[];
  /** A sentence or two for people. */
  summary: string;
  total: ForecastAmounts;
  /**
   * The day of the first call, where it lies within the month before: that month is not whole in the books,
   * and nothing is compared with it. Else null.
   */
  before_begins: string | null;
  /** The groups, the dearest first. With `other` they add up to the total, exactly. */
  rows: ForecastRow[];
  /** All groups that are not among the rows together; null where there are none. */
  other: ForecastAmounts | null;
  /** Days of the total, from a month before the moment of the forecast to the end of the month. */
  points: ForecastPoint[];
  /** To what forecasts and intervals are rounded, USD; what is spent is exact. */
  rounded_to_usd: string;
  truncated: boolean;
}

/**
 * What a month will have cost at its end, in total and by group, with an interval, from the days of the
 * last half year: level, weekdays and damped trend of each ({@link projectSpend}).
 *
 * The total has its own forecast, so that it is the same whatever it is taken apart by; what the groups'
 * own forecasts expect is scaled to add up to it. The total's interval is its own, too: groups do not all
 * err in the same direction, so it is narrower than the sum of theirs.
 */
export async function buildForecast(
  books: Pick<AnswerBooks, 'query'>,
  request: ForecastRequest,
): Promise<Forecast> {
  const { by } = request;
  const month = request.month ?? monthOf(request.now);
  const window = monthWindow(month);
  // Of a month that is over, what came later says nothing.
  const now = request.now < window.to ? request.now : window.to;
  const span = spanOf(window, now);
  const [{ total, groups, truncated }, hours] = await Promise.all([
    readSpend(books, { ...request, now }, span.days),
    readHours(books, { ...request, now }),
  ]);
  const over = shareOfDayOver(hours, Date.parse(now));
  const seen = await seenToday(books, { ...request, now }, total);
  const projected = (spend: DailySpend) => projectSpend(spend, span.days, over, span.steps, seen);
  const whole = { spend: total, projection: projected(total) };
  const parts = groups.map(({ group, spend }) => ({ group, spend, projection: projected(spend) }));
  const begins = beginsWithin(total, span.before);
  const amounts = amountsOf(whole, parts, span, begins === null);
  const rows: ForecastRow[] = [];
  let other: ForecastAmounts | null = null;
  parts.forEach(({ group }, index) => {
    const part = amounts.parts[index]!;
    if (!matters(part)) return;
    if (group === null) other = part;
    else rows.push({ group, ...part });
  });
  rows.sort((a, b) => Number(b.forecast_usd ?? 0) - Number(a.forecast_usd ?? 0));
  const forecast = {
    month,
    window,
    now: request.now,
    by,
    total: amounts.total,
    before_begins: begins === null ? null : iso(span.days.first + begins * dayMilliseconds),
    rows,
    other,
    points: pointsOf(whole, span),
    rounded_to_usd: amounts.roundedTo,
    truncated,
  };
  return { ...forecast, summary: describeForecast(forecast) };
}

/** The day of the first call, where that is another than the first of these days; else null. */
function beginsWithin({ calls }: DailySpend, days: ForecastSpan['before']): number | null {
  if (days === null) return null;
  const first = calls.findIndex((count) => count > 0);
  return first > days.from && first < days.to ? first : null;
}

const matters = ({
  spent_usd: spent,
  forecast_usd: forecast,
  before_usd: before,
}: ForecastAmounts) =>
  Number(spent) !== 0 || Number(forecast ?? 0) !== 0 || Number(before ?? 0) !== 0;

/** The share of today since the first call of all, where that was today: books of some minutes have a rate, too. */
async function seenToday(
  books: Pick<AnswerBooks, 'query'>,
  { now, filters = [] }: ForecastRequest,
  { calls }: DailySpend,
): Promise<number | null> {
  const earlier = calls.slice(0, -1).some((count) => count > 0);
  if (earlier || (calls.at(-1) ?? 0) === 0) return null;
  const moment = Date.parse(now);
  const first = await firstMinute(books, filters, startOfDay(moment), moment);
  return first === null ? null : (moment - first) / dayMilliseconds;
}
