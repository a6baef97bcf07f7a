import type { Field } from './mapping.js';

export type SourceRecord = Record<string, unknown>;

/** Compiles a field of a mapping to a function; undefined means that the record has no such value. */
export function fieldReader(field: Field): (record: SourceRecord) => unknown {
  if (typeof field === 'string') return (record) => valueAt(record, field);
  if ('any' in field) {
    return (record) => {
      for (const path of field.any) {
        const value = valueAt(record, path);
        if (value !== undefined) return value;
      }
      return undefined;
    };
  }
  if ('constant' in field) return () => field.constant;
  if ('template' in field) return (record) => fillTemplate(field.template, record);
  return (record) => valueAt(record, field.path) ?? field.default;
}

/**
 * The value at a dotted path; null and empty text count as absent. A key that itself holds dots
 * (a CSV column `usage.input`) is found under its whole name first. Text on the way is read as JSON:
 * tables keep objects as such (a CSV column `metadata`).
 */
export function valueAt(record: SourceRecord, path: string): unknown {
  if (Object.hasOwn(record, path)) return present(record[path]);
  let value: unknown = record;
  for (const key of path.split('.')) {
    if (typeof value === 'string') value = objectIn(value);
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as SourceRecord)[key];
  }
  return present(value);
}

function objectIn(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function present(value: unknown): unknown {
  return value === null || value === '' ? undefined : value;
}

/** `{org}/{project}`; undefined when any part is absent, because half a name is a wrong name. */
function fillTemplate(template: string, record: SourceRecord): string | undefined {
  let isComplete = true;
  const text = template.replaceAll(/\{([^{}]+)\}/g, (_, path: string) => {
    const value = valueAt(record, path);
    if (value === undefined) isComplete = false;
    return String(value);
  });
  return isComplete ? text : undefined;
}
