import type { OpenAPIHono } from '@hono/zod-openapi';
import {
  auditAnswer,
  outliersAnswer,
  batchableAnswer,
  cacheAnswer,
  driftAnswer,
  explainAnswer,
  forecastAnswer,
  substitutionsAnswer,
  whatIfAnswer,
  reportAnswer,
} from '../../answers/index.js';
import type { RouteDependencies } from '../dependencies.js';
import { outliersSchema } from '../schemas/outliers.js';
import { auditSchema } from '../schemas/audit.js';
import { cacheSchema } from '../schemas/cache.js';
import { driftSchema } from '../schemas/drift.js';
import { explainSchema } from '../schemas/explain.js';
import { forecastSchema } from '../schemas/forecast.js';
import { batchableSchema, substitutionsSchema } from '../schemas/savings.js';
import { reportSchema } from '../schemas/report.js';
import { whatIfSchema } from '../schemas/what-if.js';
import { registerAnswer } from './answer-route.js';

/** Every question that the product answers, each with the shape of its answer. */
export function registerAnswers(app: OpenAPIHono, dependencies: RouteDependencies): void {
  registerAnswer(app, dependencies, reportAnswer, reportSchema);
  registerAnswer(app, dependencies, driftAnswer, driftSchema);
  registerAnswer(app, dependencies, explainAnswer, explainSchema);
  registerAnswer(app, dependencies, auditAnswer, auditSchema);
  registerAnswer(app, dependencies, cacheAnswer, cacheSchema);
  registerAnswer(app, dependencies, outliersAnswer, outliersSchema);
  registerAnswer(app, dependencies, whatIfAnswer, whatIfSchema);
  registerAnswer(app, dependencies, substitutionsAnswer, substitutionsSchema);
  registerAnswer(app, dependencies, batchableAnswer, batchableSchema);
  registerAnswer(app, dependencies, forecastAnswer, forecastSchema);
}
