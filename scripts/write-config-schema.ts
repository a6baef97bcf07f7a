// Writes docs/farthing.schema.json, the JSON Schema of farthing.yaml, for editors and validators.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configSchemaText } from '../packages/server/src/config/config-schema-text.js';

writeFileSync(
  fileURLToPath(new URL('../docs/farthing.schema.json', import.meta.url)),
  configSchemaText(),
);
