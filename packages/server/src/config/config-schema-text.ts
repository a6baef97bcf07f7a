import { z } from 'zod';
import { configSchema } from './schema.js';

/** The JSON Schema of farthing.yaml, as committed in docs/farthing.schema.json. */
export function configSchemaText(): string {
  const schema = { title: 'farthing.yaml', ...z.toJSONSchema(configSchema, { io: 'input' }) };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
