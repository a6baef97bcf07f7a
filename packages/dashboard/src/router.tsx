import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { OverviewPage } from './overview/overview-page.js';
import { AppShell } from './shell/app-shell.js';
import { NotFound } from './shell/not-found.js';
import { parseSearch, stringifySearch, type Search } from './view/view.js';

const root = createRootRoute({
  component: AppShell,
  notFoundComponent: NotFound,
  validateSearch: (search: Record<string, unknown>) => search as Search,
});

const overview = createRoute({ getParentRoute: () => root, path: '/', component: OverviewPage });

const calls = createRoute({
  getParentRoute: () => root,
  path: '/calls',
  component: lazyRouteComponent(() => import('./calls/calls-page.js'), 'CallsPage'),
});

const budgets = createRoute({
  getParentRoute: () => root,
  path: '/budgets',
  component: lazyRouteComponent(() => import('./budgets/budgets-page.js'), 'BudgetsPage'),
});

const incidents = createRoute({
  getParentRoute: () => root,
  path: '/incidents',
  component: lazyRouteComponent(() => import('./incidents/incidents-page.js'), 'IncidentsPage'),
});

const incident = createRoute({
  getParentRoute: () => root,
  path: '/incidents/$id',
  component: lazyRouteComponent(() => import('./incidents/incident-page.js'), 'IncidentPage'),
});

const answers = createRoute({
  getParentRoute: () => root,
  path: '/answers',
  component: lazyRouteComponent(() => import('./answers/answers-page.js'), 'AnswersPage'),
});

const firstAnswer = createRoute({
  getParentRoute: () => answers,
  path: '/',
  beforeLoad: ({ search }) => {
    throw redirect({ to: '/answers/explain', search: search as never });
  },
});

const explain = createRoute({
  getParentRoute: () => answers,
  path: '/explain',
  component: lazyRouteComponent(() => import('./answers/explain/explain-page.js'), 'ExplainPage'),
});

const templates = createRoute({
  getParentRoute: () => answers,
  path: '/templates',
  component: lazyRouteComponent(
    () => import('./answers/templates/templates-page.js'),
    'TemplatesPage',
  ),
});

const outliers = createRoute({
  getParentRoute: () => answers,
  path: '/outliers',
  component: lazyRouteComponent(
    () => import('./answers/outliers/outliers-page.js'),
    'OutliersPage',
  ),
});

const runs = createRoute({
  getParentRoute: () => answers,
  path: '/runs',
  component: lazyRouteComponent(() => import('./answers/runs/runs-page.js'), 'RunsPage'),
});

const run = createRoute({
  getParentRoute: () => answers,
  path: '/runs/$id',
  component: lazyRouteComponent(() => import('./answers/runs/run-page.js'), 'RunPage'),
});

const cache = createRoute({
  getParentRoute: () => answers,
  path: '/cache',
  component: lazyRouteComponent(() => import('./answers/cache/cache-page.js'), 'CachePage'),
});

const savings = createRoute({
  getParentRoute: () => answers,
  path: '/savings',
  component: lazyRouteComponent(() => import('./answers/savings/savings-page.js'), 'SavingsPage'),
});

const margin = createRoute({
  getParentRoute: () => answers,
  path: '/margin',
  component: lazyRouteComponent(() => import('./answers/margin/margin-page.js'), 'MarginPage'),
});

const forecast = createRoute({
  getParentRoute: () => answers,
  path: '/forecast',
  component: lazyRouteComponent(
    () => import('./answers/forecast/forecast-page.js'),
    'ForecastPage',
  ),
});

const review = createRoute({
  getParentRoute: () => answers,
  path: '/review',
  component: lazyRouteComponent(() => import('./answers/review/review-page.js'), 'ReviewPage'),
});

const savedReports = createRoute({
  getParentRoute: () => answers,
  path: '/reports',
  component: lazyRouteComponent(() => import('./answers/reports/reports-page.js'), 'ReportsPage'),
});

const estimates = createRoute({
  getParentRoute: () => root,
  path: '/estimates',
  component: lazyRouteComponent(() => import('./estimates/estimates-page.js'), 'EstimatesPage'),
});

const accuracy = createRoute({
  getParentRoute: () => root,
  path: '/accuracy',
  component: lazyRouteComponent(() => import('./accuracy/accuracy-page.js'), 'AccuracyPage'),
});

const pricesPage = lazyRouteComponent(() => import('./prices/prices-page.js'), 'PricesPage');

const prices = createRoute({
  getParentRoute: () => root,
  path: '/prices',
  component: pricesPage,
});

const modelPrices = createRoute({
  getParentRoute: () => root,
  path: '/prices/$provider/$model',
  component: pricesPage,
});

const attention = createRoute({
  getParentRoute: () => root,
  path: '/attention',
  component: lazyRouteComponent(() => import('./attention/attention-page.js'), 'AttentionPage'),
});

const welcome = createRoute({
  getParentRoute: () => root,
  path: '/connect',
  component: lazyRouteComponent(() => import('./welcome/welcome-page.js'), 'WelcomePage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    overview,
    calls,
    incidents,
    incident,
    budgets,
    answers.addChildren([
      firstAnswer,
      explain,
      templates,
      outliers,
      runs,
      run,
      cache,
      savings,
      margin,
      forecast,
      review,
      savedReports,
    ]),
    estimates,
    accuracy,
    prices,
    modelPrices,
    attention,
    welcome,
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
