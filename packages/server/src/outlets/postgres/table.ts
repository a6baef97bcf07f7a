import { FarthingError, tagNames, totalInput, type Entry, type TagName } from '@farthing/core';

interface TableColumn {
  name: string;
  type: string;
  of(entry: Entry): unknown;
}

/** What PostgreSQL takes as text: it has no NUL and no half of a surrogate pair. */
function storable(text: string | null | undefined): string | null {
  return text == null ? null : Buffer.from(text.replaceAll('\0', '')).toString();
}

/** The same of a JSON text, where such characters are escapes; a backslash that was sent stays one. */
function storableJson(value: object): string {
  return JSON.stringify(value).replaceAll(
    /\\(u0000|ud[89a-f][0-9a-f]{2}|.)/g,
    (whole, escaped: string) =>
      escaped === 'u0000' ? '' : escaped.startsWith('ud') ? '\ufffd' : whole,
  );
}

/** A time as every PostgreSQL reads it; null when it has no year of four digits. */
function instant(time: string): string | null {
  const text = new Date(time).toISOString();
  return /^\d{4}-/.test(text) ? text : null;
}

const tag = (name: TagName): TableColumn => ({
  // `user` is a reserved word of SQL.
  name: name === 'user' ? 'user_id' : name,
  type: 'text',
  of: ({ tags }) => storable(tags[name]),
});

/** The columns, in order. */
export const columns: readonly TableColumn[] = [
  { name: 'id', type: 'uuid', of: ({ id }) => id },
  { name: 'kind', type: 'text', of: ({ kind }) => kind },
  { name: 'started_at', type: 'timestamptz', of: (entry) => instant(entry.started_at) },
  { name: 'ended_at', type: 'timestamptz', of: (entry) => instant(entry.ended_at) },
  { name: 'source', type: 'text', of: ({ source }) => storable(source) },
  { name: 'provider', type: 'text', of: ({ provider }) => storable(provider) },
  { name: 'api', type: 'text', of: ({ api }) => storable(api) },
  { name: 'model', type: 'text', of: ({ model }) => storable(model) },
  { name: 'outcome', type: 'text', of: ({ outcome }) => storable(outcome) },
  { name: 'http_status', type: 'integer', of: (entry) => entry.http_status },
  { name: 'duration_ms', type: 'bigint', of: (entry) => Math.round(entry.duration_ms) },
  ...tagNames.map(tag),
  { name: 'input_tokens', type: 'bigint', of: ({ usage }) => usage && totalInput(usage.tokens) },
  { name: 'output_tokens', type: 'bigint', of: ({ usage }) => usage?.tokens.output ?? null },
  { name: 'cost_usd', type: 'numeric', of: ({ cost }) => cost.usd },
  { name: 'cost_status', type: 'text', of: ({ cost }) => cost.status },
  { name: 'entry', type: 'jsonb', of: storableJson },
];

/** Throws `config_invalid`: the name becomes part of the SQL. */
export function tableName(name: string): string {
  if (!/^[a-z_][a-z0-9_]{0,62}(\.[a-z_][a-z0-9_]{0,62})?$/.test(name)) {
    throw new FarthingError(
      'config_invalid',
      `"${name.slice(0, 80)}" cannot be the table of an outlet. Use small letters, digits and _, perhaps with a schema: finance.farthing_entries.`,
    );
  }
  return name
    .split('.')
    .map((part) => `"${part}"`)
    .join('.');
}

export function createTable(table: string): string {
  const list = columns.map(({ name, type }) => `${name} ${type}`).join(', ');
  return `CREATE TABLE IF NOT EXISTS ${table} (${list}, PRIMARY KEY (id))`;
}

/** One statement for a whole batch: a parameter for each column, an array of its values. */
export function insert(table: string): string {
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${type}[]`);
  const names = columns.map(({ name }) => name).join(', ');
  return `INSERT INTO ${table} (${names}) SELECT * FROM unnest(${arrays.join(', ')}) ON CONFLICT (id) DO NOTHING`;
}
