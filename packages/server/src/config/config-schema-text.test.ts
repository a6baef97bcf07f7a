import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configSchemaText } from './config-schema-text.js';

test('docs/farthing.schema.json is current (npx tsx scripts/write-config-schema.ts)', () => {
  const committed = new URL('../../../../docs/farthing.schema.json', import.meta.url);
  expect(JSON.parse(readFileSync(committed, 'utf8'))).toEqual(JSON.parse(configSchemaText()));
});
