import { FarthingError, tablePresets, type TableMapping, type TablePreset } from '@farthing/core';
import { z } from 'zod';

const names = z.union([z.string(), z.array(z.string()).min(1)]).transform((one) => [one].flat());
const patterns = z.record(z.string(), z.string());

const mappingSchema = z.strictObject({
  /** A preset whose columns and kinds hold where the file names none. */
  extends: z.enum(Object.keys(tablePresets) as [TablePreset, ...TablePreset[]]).optional(),
  columns: z
    .strictObject({
      time: names.optional(),
      model: names.optional(),
      kind: names.optional(),
      quantity: names.optional(),
      unit: names.optional(),
      cost: names.optional(),
      currency: names.optional(),
      tier: names.optional(),
      project: names.optional(),
      service: names.optional(),
    })
    .prefault({}),
  services: z.string().optional(),
  /** Regular expression → token kind, unit, `credit` or `other`; the first that matches counts. */
  kinds: patterns.prefault({}),
  tiers: patterns.prefault({}),
  models: z.record(z.string(), z.string()).prefault({}),
  per: z.number().positive().optional(),
});

/**
 * Reads a mapping file: which columns of an export mean what. Throws `invalid_mapping` naming the
 * field.
 */
export function readMapping(value: unknown, file: string): TableMapping {
  const read = mappingSchema.safeParse(value);
  if (!read.success) {
    const issue = read.error.issues[0]!;
    throw invalid(file, `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  }
  const { extends: base, columns, services, kinds, tiers, models, per } = read.data;
  const preset = base === undefined ? undefined : tablePresets[base];
  const given = Object.fromEntries(
    Object.entries(columns).filter(([, column]) => column !== undefined),
  );
  const all = { ...preset?.columns, ...given } as TableMapping['columns'];
  for (const name of ['time', 'model', 'cost'] as const) {
    if (all[name] === undefined) {
      throw invalid(file, `columns.${name} is missing: the name of the column that holds it`);
    }
  }
  return {
    ...preset,
    columns: all,
    kinds: [...compiled(kinds, 'kinds', file), ...(preset?.kinds ?? [])],
    tiers: [...compiled(tiers, 'tiers', file), ...(preset?.tiers ?? [])],
    models: {
      ...preset?.models,
      ...Object.fromEntries(
        Object.entries(models).map(([name, model]) => [name.toLowerCase(), model]),
      ),
    },
    ...(services === undefined ? {} : { services: pattern(services, 'services', file) }),
    ...(per === undefined ? {} : { per }),
  };
}

function compiled(
  given: Readonly<Record<string, string>>,
  field: string,
  file: string,
): [RegExp, string][] {
  return Object.entries(given).map(([text, meaning]) => [
    pattern(text, `${field}.${text}`, file),
    meaning,
  ]);
}

function pattern(text: string, field: string, file: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    throw invalid(file, `${field}: ${(error as Error).message}`);
  }
}

function invalid(file: string, what: string): FarthingError {
  return new FarthingError(
    'invalid_mapping',
    `${file}: ${what}. docs/reconcile.md shows a mapping with all fields.`,
  );
}
