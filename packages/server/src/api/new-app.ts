import { didYouMean } from '@farthing/core';
import { OpenAPIHono } from '@hono/zod-openapi';
import { ProblemError } from './problem.js';

interface Issue {
  code?: string | undefined;
  path: PropertyKey[];
  message: string;
}

const queryFields = [
  'measures',
  'dimensions',
  'filters',
  'window',
  'as_of',
  'bucket',
  'order',
  'limit',
];

/** An app whose failed validations become our problems, each with the field at fault. */
export function newApp(): OpenAPIHono {
  return new OpenAPIHono({
    defaultHook: (result) => {
      if (!result.success) throw invalidInput(result.error.issues);
    },
  });
}

/**
 * One of zod's complaints as a problem: one thing to fix at a time, named exactly. A misspelt field
 * comes first, because it is also why another one is missing.
 */
export function invalidInput(issues: readonly Issue[]): ProblemError {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
  const field = fieldName(issue.path);
  const unknown = (issue as { keys?: string[] }).keys?.[0];
  if (issue.code === 'unrecognized_keys' && unknown !== undefined) {
    const message = `Unknown field "${unknown}".${didYouMean(unknown, queryFields)}`;
    return new ProblemError(400, 'invalid_input', message, unknown);
  }
  const subject = field === '' ? 'The body' : `\`${field}\``;
  const message = `${subject}: ${issue.message.replace(/^Invalid input: /, '')}.`;
  return new ProblemError(400, 'invalid_input', message, field === '' ? undefined : field);
}

/** `measures[0]`, `window.from`: as one would write it in JavaScript. */
export function fieldName(path: PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
