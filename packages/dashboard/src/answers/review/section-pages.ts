/** Where the dashboard says more about a section of the review. */
export const sectionPages: Readonly<Record<string, string>> = {
  spend: '/answers/explain',
  features: '/',
  drift: '/estimates',
  templates: '/answers/templates',
  outliers: '/answers/outliers',
  cache: '/answers/cache',
  substitutions: '/answers/savings',
  prompts: '/estimates',
  batchable: '/answers/savings',
  budgets: '/budgets',
  forecast: '/answers/forecast',
  gaps: '/attention',
};
