export { isOutcomeRecord, outcomeApi, outcomeTag, runOutcomes, scoreTag } from './run-outcome.js';
export { formatSteps, parseSteps, stepPath, type PathStep } from './step-path.js';
