export type { Answer, AnswerSources } from './answer.js';
export {
  AnswerParameters,
  ParameterError,
  type AnswerParameter,
  type ParameterTexts,
} from './answer-parameters.js';
export { auditAnswer } from './audit.js';
export { cacheAnswer } from './cache.js';
export { driftAnswer } from './drift.js';
export { explainAnswer } from './explain.js';
export { forecastAnswer, type ForecastAnswer } from './forecast.js';
export { readReport, reportAnswer } from './report.js';
export {
  listSavedReports,
  removeSavedReport,
  saveReport,
  type SavedReport,
} from './saved-reports.js';
export { runAnswer, runsAnswer, sessionsAnswer } from './runs.js';
export { whatIfAnswer } from './what-if.js';
export { batchableAnswer } from './batchable.js';
export { substitutionsAnswer } from './substitutions.js';
export { outliersAnswer } from './outliers.js';
export { reviewAnswer } from './review.js';
export { marginAnswer } from './margin.js';
export { statementsAnswer } from './statements.js';
export { templatesAnswer } from './templates.js';
