import type { Command } from 'commander';
import { auditAnswer, driftAnswer, whatIfAnswer } from '../../answers/index.js';
import type { CliContext } from '../context.js';
import { answerCommand } from './answer-command.js';
import { renderAudit } from './render-audit.js';
import { renderDrift } from './render-drift.js';
import { renderWhatIf } from './render-what-if.js';

/** A command for every question that the product answers. */
export function answerCommands(context: CliContext): Command[] {
  return [
    answerCommand(context, driftAnswer, renderDrift),
    answerCommand(context, auditAnswer, renderAudit),
    answerCommand(context, whatIfAnswer, renderWhatIf),
  ];
}
