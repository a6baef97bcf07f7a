import { buildForecast } from '../../forecast/month-forecast.js';
import type { ReviewScope, SectionAnswer } from '../section.js';

/** What the month will have cost at its end. */
export async function forecastSection(scope: ReviewScope): Promise<SectionAnswer | null> {
  const { books, filters, window, now } = scope;
  // Of a window that is over, the forecast is the one that could be made at its end.
  const moment = window.to < now ? window.to : now;
  const forecast = await buildForecast(books, { by: ['feature'], filters, now: moment, limit: 5 });
  if (forecast.total.forecast_usd === null) return null;
  return {
    section: {
      id: 'forecast',
      title: 'The month',
      summary: forecast.summary,
      points: [{ text: 'By feature, with intervals:', command: 'farthing forecast' }],
    },
  };
}
