export type { Answer, AnswerSources } from './answer.js';
export {
  AnswerParameters,
  ParameterError,
  type AnswerParameter,
  type ParameterTexts,
} from './answer-parameters.js';
export { auditAnswer } from './audit.js';
export { driftAnswer } from './drift.js';
export { whatIfAnswer } from './what-if.js';
