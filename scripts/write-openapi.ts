// Writes docs/openapi.json from the API's own schemas: npx tsx scripts/write-openapi.ts
import { readFileSync, writeFileSync } from 'node:fs';
import { writeOpenApiText } from '../packages/server/src/api/openapi-document.js';

const root = new URL('../', import.meta.url);
const { version } = JSON.parse(
  readFileSync(new URL('packages/server/package.json', root), 'utf8'),
) as { version: string };

writeFileSync(new URL('docs/openapi.json', root), writeOpenApiText(version));
