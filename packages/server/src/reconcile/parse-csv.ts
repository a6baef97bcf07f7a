import { FarthingError } from '@farthing/core';

/**
 * Rows of a CSV text (RFC 4180: quotes, doubled quotes, line breaks within quotes) by the names in
 * its first line. Throws `invalid_report` naming the line whose number of fields is another.
 */
export function* parseCsv(text: string, where: string): Generator<Record<string, string>> {
  let names: string[] | null = null;
  let line = 0;
  for (const fields of records(text.replace(/^\uFEFF/, ''))) {
    line++;
    if (fields.length === 1 && fields[0] === '') continue;
    if (names === null) {
      names = fields.map((name) => name.trim());
      continue;
    }
    if (fields.length !== names.length) {
      throw new FarthingError(
        'invalid_report',
        `${where} record ${line} has ${fields.length} fields, its header ${names.length}. Save the export as comma-separated values with a header line.`,
      );
    }
    yield Object.fromEntries(names.map((name, index) => [name, fields[index]!]));
  }
}

function* records(text: string): Generator<string[]> {
  let fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index]!;
    if (quoted) {
      if (character !== '"') field += character;
      else if (text[index + 1] === '"') {
        field += '"';
        index++;
      } else quoted = false;
    } else if (character === '"' && field === '') quoted = true;
    else if (character === ',') {
      fields.push(field);
      field = '';
    } else if (character === '\n') {
      fields.push(field.endsWith('\r') ? field.slice(0, -1) : field);
      yield fields;
      fields = [];
      field = '';
    } else field += character;
  }
  if (field !== '' || fields.length > 0) yield [...fields, field];
}
