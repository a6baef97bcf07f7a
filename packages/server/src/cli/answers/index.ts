import type { Command } from 'commander';
import {
  auditAnswer,
  outliersAnswer,
  batchableAnswer,
  cacheAnswer,
  driftAnswer,
  explainAnswer,
  templatesAnswer,
  forecastAnswer,
  runAnswer,
  runsAnswer,
  sessionsAnswer,
  substitutionsAnswer,
  whatIfAnswer,
} from '../../answers/index.js';
import type { CliContext } from '../context.js';
import { runOrderCommands } from '../budgets/restrictions.js';
import { answerCommand } from './answer-command.js';
import { marginCommand } from './margin.js';
import { statementsCommand } from './statements.js';
import { renderOutliers } from './render-outliers.js';
import { renderAudit } from './render-audit.js';
import { renderCache } from './render-cache.js';
import { renderDrift } from './render-drift.js';
import { renderExplain } from './render-explain.js';
import { renderForecast } from './render-forecast.js';
import { renderBatchable, renderSubstitutions } from './render-savings.js';
import { renderTemplates } from './render-templates.js';
import { renderRun } from './render-run.js';
import { renderRuns } from './render-runs.js';
import { renderWhatIf } from './render-what-if.js';
import { reviewCommand } from './review.js';

/** A command for every question that the product answers. */
export function answerCommands(context: CliContext): Command[] {
  const runs = answerCommand(context, runsAnswer, renderRuns);
  for (const order of runOrderCommands(context)) runs.addCommand(order.exitOverride());
  return [
    runs,
    answerCommand(context, runAnswer, renderRun),
    answerCommand(context, sessionsAnswer, renderRuns),
    answerCommand(context, driftAnswer, renderDrift),
    answerCommand(context, explainAnswer, renderExplain),
    answerCommand(context, templatesAnswer, renderTemplates),
    answerCommand(context, auditAnswer, renderAudit),
    answerCommand(context, cacheAnswer, renderCache),
    answerCommand(context, outliersAnswer, renderOutliers),
    marginCommand(context),
    statementsCommand(context),
    answerCommand(context, whatIfAnswer, renderWhatIf),
    answerCommand(context, substitutionsAnswer, renderSubstitutions),
    answerCommand(context, batchableAnswer, renderBatchable),
    reviewCommand(context),
    answerCommand(context, forecastAnswer, renderForecast),
  ];
}
