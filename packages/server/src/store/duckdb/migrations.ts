import { existsSync } from 'node:fs';
import { FarthingError } from '@farthing/core';
import { Database, type DatabaseOptions } from './database.js';
import { rebuildRollups } from './rebuild-rollups.js';
import { rollupsVersion, schemaSteps, schemaVersion } from './schema.js';

/**
 * Opens the database with the current schema: creates it when it is new, steps it up when it is
 * older. A database from a newer Farthing is looked at read-only first and never touched
 * (`store_too_new`). Throws `store_missing` for a read-only opening of what is not there.
 */
export async function openMigrated(options: DatabaseOptions): Promise<Database> {
  if (!existsSync(options.path)) {
    if (options.readOnly) {
      throw new FarthingError(
        'store_missing',
        `There is no database at ${options.path} yet. It is created when the ledger starts: run \`farthing up\`.`,
      );
    }
  } else {
    const inspected = await Database.open({ ...options, readOnly: true });
    try {
      refuseNewer(await versionOf(inspected), options.path);
      if (options.readOnly) return await current(inspected);
    } finally {
      if (!options.readOnly) await inspected.close();
    }
  }
  const database = await Database.open(options);
  try {
    const version = await versionOf(database);
    refuseNewer(version, options.path);
    if (version < schemaVersion) await stepUp(database, version);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** A read-only opening cannot step the schema up, so it needs the current one. */
async function current(database: Database): Promise<Database> {
  const version = await versionOf(database);
  if (version === schemaVersion) return database;
  await database.close();
  throw new FarthingError(
    'store_too_old',
    `${database.path} has schema ${version}, this Farthing reads ${schemaVersion}. Start \`farthing up\` once: it brings the database up to date.`,
  );
}

function refuseNewer(version: number, path: string): void {
  if (version <= schemaVersion) return;
  throw new FarthingError(
    'store_too_new',
    `${path} has schema ${version}, but this Farthing knows only up to ${schemaVersion}. Nothing was changed. Upgrade Farthing, or choose another data directory.`,
  );
}

async function versionOf(database: Database): Promise<number> {
  const [table] = await database.read(
    `SELECT count(*) FROM duckdb_tables() WHERE NOT temporary AND table_name = 'farthing_schema'`,
  );
  if (Number(table?.[0]) === 0) return 0;
  const [row] = await database.read('SELECT max(version) FROM farthing_schema');
  return Number(row?.[0] ?? 0);
}

async function stepUp(database: Database, from: number): Promise<void> {
  await database.write(async (transaction) => {
    const { rows } = transaction;
    if (from === 0) await rows('CREATE TABLE farthing_schema (version INTEGER NOT NULL)');
    for (const step of schemaSteps.slice(from)) {
      for (const statement of step) await rows(statement);
    }
    // After all steps, because it goes by what the tables have now.
    if (from > 0 && from < rollupsVersion) await rebuildRollups(transaction);
    await rows('DELETE FROM farthing_schema');
    await rows(`INSERT INTO farthing_schema VALUES (${schemaVersion})`);
  });
}
