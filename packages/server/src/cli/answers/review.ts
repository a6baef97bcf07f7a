import { writeFileSync } from 'node:fs';
import { renderReviewHtml, renderReviewMarkdown, type Review } from '@farthing/core';
import type { Command } from 'commander';
import { reviewAnswer } from '../../answers/index.js';
import type { CliContext, CliOutput } from '../context.js';
import { answerCommand } from './answer-command.js';
import { renderReviewText } from './render-review.js';

/** `farthing review`: text in a terminal, Markdown where it is piped, with `--html` a page in a file. */
export function reviewCommand(context: CliContext): Command {
  const command: Command = answerCommand(context, reviewAnswer, (review, output) => {
    const { html } = command.opts<{ html?: string }>();
    if (html !== undefined) return writePage(review, html);
    return pageOf(review, output);
  });
  return command.option('--html <file>', 'write the page as one HTML file, to read, send or print');
}

function pageOf(review: Review, output: CliOutput): string {
  return output.tty ? renderReviewText(review, output) : renderReviewMarkdown(review);
}

function writePage(review: Review, file: string): string {
  writeFileSync(file, renderReviewHtml(review));
  return `${review.summary}\nWritten to ${file}.\n`;
}
