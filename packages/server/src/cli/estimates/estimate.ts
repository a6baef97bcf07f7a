import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { EstimateRequest } from '../../budgets/index.js';
import { openEstimates } from '../budgets/access.js';
import type { CliContext } from '../context.js';
import { usageError } from '../output/exit-codes.js';
import { jsonOption } from '../options.js';
import { printJson } from '../prices/access.js';
import { renderEstimate } from './render-estimate.js';

interface EstimateFlags {
  model?: string;
  provider?: string;
  feature?: string;
  template?: string;
  count?: true;
  json?: true;
}

/** `farthing estimate`: what a request would cost, on which model, before it is sent. */
export function estimateCommand(context: CliContext): Command {
  return new Command('estimate')
    .description('What a request would cost on which model, and where its input comes from')
    .argument('<file>', 'the body of the request as JSON; - reads it from standard input')
    .option('--model <models>', 'models to compare, with commas (default: that of the request)')
    .option('--provider <name>', 'whose prices (default: the first that has the model)')
    .option('--feature <name>', 'estimate as its calls were learned')
    .option('--template <version>', 'and those of this template version')
    .option(
      '--count',
      'let the providers count the input: the request is sent to them, free of charge',
    )
    .addOption(jsonOption())
    .action(async (file: string, flags: EstimateFlags) => {
      const asked: EstimateRequest = {
        request: readRequest(file),
        ...(flags.model === undefined ? {} : { models: namesIn(flags.model) }),
        ...(flags.provider === undefined ? {} : { provider: flags.provider }),
        ...(flags.feature === undefined ? {} : { feature: flags.feature }),
        ...(flags.template === undefined ? {} : { template_version: flags.template }),
        ...(flags.count === undefined ? {} : { count: flags.count }),
      };
      const access = await openEstimates(context);
      const estimate = await access.estimate(asked);
      if (flags.json === true) return printJson(context, estimate);
      context.output.write(renderEstimate(estimate, context.output));
    });
}

function namesIn(models: string): string[] {
  const names = models.split(',').map((name) => name.trim());
  const known = names.filter((name) => name !== '');
  if (known.length > 0) return known;
  throw usageError('--model takes names of models with commas between them: gpt-4.1,gpt-4.1-mini.');
}

function readRequest(file: string): Record<string, unknown> {
  const what = file === '-' ? 'Standard input' : file;
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw usageError(`${what} cannot be read: ${(error as Error).message}.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw usageError(`${what} is not JSON: ${(error as Error).message}.`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw usageError(`${what} is no request: a request's body is a JSON object.`);
}
