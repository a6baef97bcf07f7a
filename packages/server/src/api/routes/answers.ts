import type { OpenAPIHono } from '@hono/zod-openapi';
import { auditAnswer, driftAnswer, whatIfAnswer } from '../../answers/index.js';
import type { RouteDependencies } from '../dependencies.js';
import { auditSchema } from '../schemas/audit.js';
import { driftSchema } from '../schemas/drift.js';
import { whatIfSchema } from '../schemas/what-if.js';
import { registerAnswer } from './answer-route.js';

/** Every question that the product answers, each with the shape of its answer. */
export function registerAnswers(app: OpenAPIHono, dependencies: RouteDependencies): void {
  registerAnswer(app, dependencies, driftAnswer, driftSchema);
  registerAnswer(app, dependencies, auditAnswer, auditSchema);
  registerAnswer(app, dependencies, whatIfAnswer, whatIfSchema);
}
