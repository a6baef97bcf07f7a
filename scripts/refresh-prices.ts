/**
 * Refreshes the bundled price snapshot from the data of the installed @pydantic/genai-prices.
 *
 *   npx tsx scripts/refresh-prices.ts           write the snapshot and print what changed
 *   npx tsx scripts/refresh-prices.ts --accept  the same, although much is gone or moved tenfold
 *   npx tsx scripts/refresh-prices.ts --check   write nothing; exit 1 when the snapshot is out of date
 *
 * To move to newer prices: install a newer version of the package, run this, read the diff, commit.
 * Data that fails a check changes nothing: the last good snapshot stays, and the exit code is 1.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { waitForUpdate } from '@pydantic/genai-prices';
import {
  baseLayer,
  bundledEdition,
  checkBase,
  convertGenaiPrices,
  diffBase,
  guardPrices,
  readGenaiPrices,
  type BaseEdition,
} from '../packages/core/src/pricing/snapshot/index.js';
import { renderSnapshot } from './prices/render-snapshot.js';

const target = new URL('../packages/core/src/pricing/snapshot/data.ts', import.meta.url);
const checkOnly = process.argv.includes('--check');
const accept = process.argv.includes('--accept');

function rulesOf(edition: BaseEdition) {
  const layer = baseLayer(edition);
  return (layer.providers?.() ?? []).flatMap((provider) => layer.rules(provider));
}

/** The package's exports hide these files, so they are read beside its entry point. */
function packageFile(name: string): string {
  const entry = createRequire(import.meta.url).resolve('@pydantic/genai-prices');
  return readFileSync(new URL(`../${name}`, pathToFileURL(entry)), 'utf8');
}

const { version } = JSON.parse(packageFile('package.json')) as { version: string };
const { models, fallbacks, warnings } = convertGenaiPrices(readGenaiPrices(await waitForUpdate()));
const before = bundledEdition();
const after = { book: `genai-prices@${version}`, fallbacks, models };
const problems = checkBase(models);
if (!accept) problems.push(...guardPrices(rulesOf(before), rulesOf(after), { largestLoss: 0.2 }));
for (const warning of warnings) console.warn(`note: ${warning}`);
if (problems.length > 0) {
  for (const problem of problems) console.error(`refused: ${problem}`);
  console.error('The snapshot is unchanged: the last good one stays in use.');
  process.exit(1);
}

const changes = diffBase(before.models, models);
for (const change of changes) console.log(change);
const text = renderSnapshot(version, packageFile('LICENSE'), fallbacks, models);
const upToDate = text === readFileSync(target, 'utf8');
console.log(`${models.length} models, ${changes.length} changes.`);
if (checkOnly) {
  if (!upToDate)
    console.error('The snapshot is out of date: run `npx tsx scripts/refresh-prices.ts`.');
  process.exit(upToDate ? 0 : 1);
}
if (!upToDate) writeFileSync(target, text);
