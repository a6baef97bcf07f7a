import type { OpenAPIHono } from '@hono/zod-openapi';
import {
  auditAnswer,
  statementsAnswer,
  marginAnswer,
  batchableAnswer,
  cacheAnswer,
  driftAnswer,
  explainAnswer,
  templatesAnswer,
  forecastAnswer,
  outliersAnswer,
  reportAnswer,
  reviewAnswer,
  runAnswer,
  runsAnswer,
  sessionsAnswer,
  substitutionsAnswer,
  whatIfAnswer,
} from '../../answers/index.js';
import type { RouteDependencies } from '../dependencies.js';
import { outliersSchema } from '../schemas/outliers.js';
import { marginSchema, statementsSchema } from '../schemas/margin.js';
import { auditSchema } from '../schemas/audit.js';
import { cacheSchema } from '../schemas/cache.js';
import { driftSchema } from '../schemas/drift.js';
import { explainSchema } from '../schemas/explain.js';
import { forecastSchema } from '../schemas/forecast.js';
import { reviewSchema } from '../schemas/review.js';
import { batchableSchema, substitutionsSchema } from '../schemas/savings.js';
import { reportSchema } from '../schemas/report.js';
import { templatesSchema } from '../schemas/templates.js';
import { runListSchema, runSchema } from '../schemas/runs.js';
import { whatIfSchema } from '../schemas/what-if.js';
import { registerAnswer } from './answer-route.js';

/** Every question that the product answers, each with the shape of its answer. */
export function registerAnswers(app: OpenAPIHono, dependencies: RouteDependencies): void {
  registerAnswer(app, dependencies, reportAnswer, reportSchema);
  registerAnswer(app, dependencies, runsAnswer, runListSchema);
  registerAnswer(app, dependencies, sessionsAnswer, runListSchema);
  registerAnswer(app, dependencies, runAnswer, runSchema);
  registerAnswer(app, dependencies, driftAnswer, driftSchema);
  registerAnswer(app, dependencies, explainAnswer, explainSchema);
  registerAnswer(app, dependencies, templatesAnswer, templatesSchema);
  registerAnswer(app, dependencies, auditAnswer, auditSchema);
  registerAnswer(app, dependencies, statementsAnswer, statementsSchema);
  registerAnswer(app, dependencies, marginAnswer, marginSchema);
  registerAnswer(app, dependencies, cacheAnswer, cacheSchema);
  registerAnswer(app, dependencies, outliersAnswer, outliersSchema);
  registerAnswer(app, dependencies, whatIfAnswer, whatIfSchema);
  registerAnswer(app, dependencies, substitutionsAnswer, substitutionsSchema);
  registerAnswer(app, dependencies, batchableAnswer, batchableSchema);
  registerAnswer(app, dependencies, reviewAnswer, reviewSchema);
  registerAnswer(app, dependencies, forecastAnswer, forecastSchema);
}
