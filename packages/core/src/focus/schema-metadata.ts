import { focusColumns, focusProductScale, focusVersion } from './columns.js';

/**
 * Names this structure of the export. A change of columns, types or scales is a new id, so that whoever
 * reads older files can tell.
 */
export const focusSchemaId = 'farthing-focus-1.2-1';

/** When this structure was first published. */
const creationDate = '2026-11-22T00:00:00Z';

const dataTypes = { string: 'STRING', decimal: 'DECIMAL', datetime: 'DATETIME', json: 'JSON' };

/**
 * The metadata that the specification asks the producer of a dataset for: who made it, which version
 * it follows, and each column's type, precision and encoding.
 * https://focus.finops.org/focus-specification/v1-2/ (Metadata)
 */
export function focusSchemaMetadata(generatorVersion: string) {
  return {
    DataGenerator: 'Farthing',
    Schema: {
      SchemaId: focusSchemaId,
      FocusVersion: focusVersion,
      DataGeneratorVersion: generatorVersion,
      CreationDate: creationDate,
      ColumnDefinition: focusColumns.map(({ name, type, scale }) => ({
        ColumnName: name,
        DataType: dataTypes[type],
        ...(type === 'decimal'
          ? { NumericPrecision: focusPrecision, NumberScale: scale ?? focusProductScale }
          : {}),
        ...(type === 'string' || type === 'json' ? { StringEncoding: 'UTF-8' } : {}),
        ...(name === 'Tags' ? { ProviderTagPrefixes: [] } : {}),
      })),
    },
  };
}

/** Digits of a decimal column, those after the point included: what 128 bits hold. */
export const focusPrecision = 38;
