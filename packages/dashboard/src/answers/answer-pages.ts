/** The questions in the order in which they are asked, each with its page. */
export const answerPages = [
  { to: '/answers/explain', question: 'Why it changed' },
  { to: '/answers/templates', question: 'Templates' },
  { to: '/answers/outliers', question: 'Outliers' },
  { to: '/answers/runs', question: 'Runs' },
  { to: '/answers/cache', question: 'Cache' },
  { to: '/answers/savings', question: 'What if' },
  { to: '/answers/margin', question: 'Margin' },
  { to: '/answers/forecast', question: 'Forecast' },
] as const;
