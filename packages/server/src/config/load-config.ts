import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { didYouMean, FarthingError } from '@farthing/core';
import { LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { applyEnvironment } from './environment.js';
import { configSchema, type Config } from './schema.js';

export interface LoadedConfig {
  config: Config;
  /** The file that was read; null when there is none and defaults hold. */
  file: string | null;
}

/**
 * Loads the configuration: `--config` > `FARTHING_CONFIG` > `farthing.yaml` in the working
 * directory > defaults; then scalars from `FARTHING_*` variables.
 * @throws FarthingError `config_missing`, `config_syntax`, `config_invalid`, with line and fix.
 */
export function loadConfig(
  explicit: string | undefined,
  environment: Record<string, string | undefined> = process.env,
  workingDirectory: string = process.cwd(),
): LoadedConfig {
  const named = explicit ?? environment['FARTHING_CONFIG'];
  const file = resolve(workingDirectory, named ?? 'farthing.yaml');
  if (!existsSync(file)) {
    if (named === undefined) {
      return { config: parse(applyEnvironment({}, environment), 'environment', null), file: null };
    }
    throw new FarthingError(
      'config_missing',
      `The configuration file ${file} does not exist. Correct --config or FARTHING_CONFIG, or leave both out to run on defaults.`,
    );
  }
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines });
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    const [problem] = syntax.message.split(' at line');
    throw new FarthingError(
      'config_syntax',
      `${file}, line ${lines.linePos(syntax.pos[0]).line}: not valid YAML: ${problem}`,
      { cause: syntax },
    );
  }
  const value = settingsOf(document, file);
  return {
    config: parse(applyEnvironment(value, environment), file, { document, lines }),
    file,
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { message } = error as Error;
    throw new FarthingError(
      'config_unreadable',
      `The configuration file ${file} cannot be read: ${message}.`,
      { cause: error },
    );
  }
}

function settingsOf(document: Document, file: string): unknown {
  let value: unknown;
  try {
    value = document.toJS() ?? {};
  } catch (error) {
    // Aliases of aliases, which would become more than fits into memory.
    throw new FarthingError('config_syntax', `${file}: ${(error as Error).message}.`, {
      cause: error,
    });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new FarthingError(
    'config_invalid',
    `${file} holds no settings, but ${Array.isArray(value) ? 'a list' : 'a text'}. Write keys with values, like \`gateway: { port: 4141 }\`.`,
  );
}

function parse(
  value: unknown,
  origin: string,
  source: { document: Document; lines: LineCounter } | null,
): Config {
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) =>
    explain(issue).map(({ path, message }) => {
      const line = source === null ? null : lineOf(source, path);
      return `${origin}${line === null ? '' : `, line ${line}`}: ${message}`;
    }),
  );
  throw new FarthingError('config_invalid', problems.join('\n'));
}

function explain(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string }[] {
  if (issue.code === 'unrecognized_keys') {
    const allowed = keysAt(issue.path);
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      message: `unknown key \`${[...issue.path, key].join('.')}\`.${didYouMean(key, allowed)}`,
    }));
  }
  // Budgets name themselves and their field: several may stand in one list.
  if (issue.code === 'custom' && namesItself(issue.path)) {
    return [{ path: issue.path, message: issue.message }];
  }
  return [{ path: issue.path, message: `\`${issue.path.join('.')}\`: ${issue.message}` }];
}

function namesItself([first, second]: readonly PropertyKey[]): boolean {
  if (first === 'alerts') return second === 'rules';
  return first === 'budgets' || first === 'breakers';
}

/** The keys that the schema knows at a path, for suggestions. */
function keysAt(path: PropertyKey[]): string[] {
  let node: z.core.JSONSchema.JSONSchema | undefined = z.toJSONSchema(configSchema, {
    io: 'input',
  });
  for (const part of path) {
    const next: z.core.JSONSchema._JSONSchema | undefined =
      node?.properties?.[String(part)] ?? node?.additionalProperties;
    node = typeof next === 'object' ? next : undefined;
  }
  return Object.keys(node?.properties ?? {});
}

/** A pair of a map, which has a key, or an item of a list. */
interface Located {
  key?: { value?: unknown; range?: number[] };
  range?: number[];
}

function lineOf(
  source: { document: Document; lines: LineCounter },
  path: PropertyKey[],
): number | null {
  for (let length = path.length; length > 0; length--) {
    const parent =
      length === 1
        ? source.document.contents
        : source.document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    const items = (parent as { items?: Located[] })?.items;
    const start =
      typeof last === 'number'
        ? items?.[last]?.range?.[0]
        : items?.find((item) => item.key?.value === last)?.key?.range?.[0];
    if (start !== undefined) return source.lines.linePos(start).line;
  }
  return null;
}
