import { readFile } from 'node:fs/promises';
import { FarthingError, didYouMean, type UsageReading } from '@farthing/core';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { SourceRecord } from './read-field.js';

/**
 * Where a value of the entry comes from: a path into the record (`properties.model`), the same with
 * a default, the first of several paths that has a value, a constant, or a template (`{org}/{project}`).
 */
const fieldSchema = z.union([
  z.string().min(1),
  z.strictObject({
    path: z.string().min(1),
    default: z.union([z.string(), z.number()]).optional(),
  }),
  z.strictObject({ any: z.array(z.string().min(1)).min(1) }),
  z.strictObject({ constant: z.union([z.string(), z.number()]) }),
  z.strictObject({ template: z.string().min(1) }),
]);
export type Field = z.infer<typeof fieldSchema>;

export const timeUnits = ['iso', 'seconds', 'milliseconds', 'microseconds', 'nanoseconds'] as const;
export type TimeUnit = (typeof timeUnits)[number];

const timeSchema = z.union([
  z.string().min(1),
  z.strictObject({ path: z.string().min(1), unit: z.enum(timeUnits) }),
]);

const modelRuleSchema = z.strictObject({
  match: z.string().refine(isPattern, { error: 'is not a regular expression' }),
  provider: z.string().min(1),
  /** May refer to groups of `match` as `$1`; default: the model as recorded. */
  model: z.string().min(1).optional(),
});
export type ModelRule = z.infer<typeof modelRuleSchema>;

/** Values at paths; all must hold, texts in any case. */
const conditionsSchema = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]),
);
export type Conditions = z.infer<typeof conditionsSchema>;

/** A mapping from the records of a file to ledger entries. Presets are mappings, too. */
export const mappingSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, {
    error: 'must be lower-case letters, digits, ".", "_" or "-"',
  }),
  /** Left out: found from the file. */
  format: z.enum(['jsonl', 'csv', 'json', 'parquet']).optional(),
  /** CSV only. */
  delimiter: z.string().length(1).optional(),
  /** The source's own id of a call. Left out: the id is made from the whole record. */
  id: fieldSchema.optional(),
  /** The provider's id of the answer: a call that the books have by it from another source is left out. */
  response_id: fieldSchema.optional(),
  /** Only records whose values at these paths are (one of) these are calls. */
  where: conditionsSchema.optional(),
  /** Calls that failed, and were not billed. */
  failed: conditionsSchema.optional(),
  /** Calls that no provider answered, e.g. from a cache of the source's own. */
  not_billed: conditionsSchema.optional(),
  /** Texts that stand for "no value" in this source, e.g. Python's `None`. */
  absent_values: z.array(z.string()).optional(),
  started_at: timeSchema,
  ended_at: timeSchema.optional(),
  duration_ms: fieldSchema.optional(),
  /** Absent: found from the model by `model_rules` and the rules that Farthing declares. */
  provider: fieldSchema.optional(),
  model: fieldSchema.optional(),
  model_rules: z.array(modelRuleSchema).optional(),
  api: fieldSchema.optional(),
  tokens: z.strictObject({
    input: fieldSchema,
    output: fieldSchema.optional(),
    cache_read: fieldSchema.optional(),
    cache_write: fieldSchema.optional(),
    reasoning: fieldSchema.optional(),
    /** Whether `input` counts cached tokens as well (OpenAI does, Anthropic does not). */
    input_includes_cache: z.boolean().default(true),
  }),
  /** What the source says the call cost, in USD. Kept beside the computed cost, never taken for it. */
  recorded_cost: fieldSchema.optional(),
  tags: z.record(z.string(), fieldSchema).optional(),
});
export type Mapping = z.infer<typeof mappingSchema>;

/** A format that Farthing knows by name: a mapping, and what a mapping cannot say. */
export interface Preset extends Mapping {
  /** The usage where it is not told by one field a count; undefined: as the mapping says. */
  readUsage?(
    record: SourceRecord,
    call: { provider: string; api: string },
  ): UsageReading | undefined;
}

/** Reads a mapping file (YAML or JSON). Throws `invalid_mapping` with the field and the fix. */
export async function readMapping(path: string): Promise<Mapping> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new FarthingError(
      'invalid_mapping',
      `Cannot read the mapping ${path}: ${(error as Error).message}.`,
      { cause: error },
    );
  }
  const document = parseDocument(text);
  const syntax = document.errors[0];
  if (syntax !== undefined) {
    throw new FarthingError('invalid_mapping', `${path}: ${syntax.message.trim()}`);
  }
  const result = mappingSchema.safeParse(document.toJS());
  if (result.success) return result.data;
  const issue = innermost(result.error.issues[0]!);
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys?.[0] : undefined;
  const field = [...issue.path, ...(unknown === undefined ? [] : [unknown])].join('.');
  const hint =
    unknown === undefined
      ? hintOf(issue, document.toJS())
      : `unknown field.${didYouMean(unknown, Object.keys(mappingSchema.shape))}`;
  throw new FarthingError('invalid_mapping', `${path}: ${field === '' ? '' : `${field}: `}${hint}`);
}

interface Issue {
  code?: string | undefined;
  path: PropertyKey[];
  message: string;
  keys?: string[];
  values?: readonly unknown[];
  errors?: Issue[][];
}

/** Of a value that may have several forms, what is wrong with it in the form that it comes nearest to. */
function innermost(issue: Issue): Issue {
  const forms = issue.code === 'invalid_union' ? (issue.errors ?? []) : [];
  const nearest = forms.find(([first]) => first !== undefined && first.path.length > 0) ?? forms[1];
  const inner = nearest?.[0];
  return inner === undefined
    ? issue
    : innermost({ ...inner, path: [...issue.path, ...inner.path] });
}

/** Names the value where only some are allowed. */
function hintOf({ code, path, values, message }: Issue, mapping: unknown): string {
  if (code !== 'invalid_value' || values === undefined) return message;
  const given = path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined,
    mapping,
  );
  const allowed = values.map(String);
  const shown =
    given === undefined ? 'is missing' : `${JSON.stringify(given).slice(0, 40)} is none`;
  return `${shown} of ${allowed.join(', ')}.${didYouMean(String(given), allowed)}`;
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
