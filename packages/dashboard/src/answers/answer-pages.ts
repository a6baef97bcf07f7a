import type { Preset } from '../view/window.js';

/**
 * The questions in the order in which they are asked, each with its page and the window that suits
 * it: a day says little about what a month could save.
 */
export const answerPages = [
  { to: '/answers/explain', question: 'Why it changed' },
  { to: '/answers/templates', window: '7d', question: 'Templates' },
  { to: '/answers/outliers', window: '7d', question: 'Outliers' },
  { to: '/answers/runs', question: 'Runs' },
  { to: '/answers/cache', window: '7d', question: 'Cache' },
  { to: '/answers/savings', window: '30d', question: 'What if' },
  { to: '/answers/margin', window: 'month', question: 'Margin' },
  { to: '/answers/forecast', question: 'Forecast' },
  { to: '/answers/review', window: '7d', question: 'Weekly review' },
  { to: '/answers/reports', question: 'Saved reports' },
] as const satisfies readonly { to: string; window?: Preset; question: string }[];
