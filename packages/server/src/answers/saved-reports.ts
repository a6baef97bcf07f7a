import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { didYouMean, type FarthingError } from '@farthing/core';
import { replaceFile } from '../files/replace-file.js';
import { AnswerParameters, ParameterError } from './answer-parameters.js';
import { readReport, reportAnswer } from './report.js';

/** A report that can be asked for again by its name. Windows stay as they were written: `7d` moves on. */
export interface SavedReport {
  name: string;
  /** The report's parameters as they were given, e.g. `{ by: 'feature', since: '7d' }`. */
  parameters: Record<string, string | string[]>;
  saved_at: string;
}

const namePattern = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** All saved reports by name. A file that is no report is left alone and out. */
export async function listSavedReports(dataDirectory: string): Promise<SavedReport[]> {
  let files: string[];
  try {
    files = await readdir(folderOf(dataDirectory));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const names = files.flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -5)] : []));
  const reports = await Promise.all(
    names.filter((name) => namePattern.test(name)).map((name) => load(dataDirectory, name)),
  );
  return reports.filter((report) => report !== null).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Throws `unknown_report` with the nearest name. */
export async function readSavedReport(dataDirectory: string, name: string): Promise<SavedReport> {
  const report = namePattern.test(name) ? await load(dataDirectory, name) : null;
  if (report !== null) return report;
  throw await unknown(dataDirectory, name);
}

/**
 * Saves a report under a name, instead of any that has it. Throws `ParameterError` for a name or
 * parameters that cannot be.
 */
export async function saveReport(
  dataDirectory: string,
  name: string,
  parameters: SavedReport['parameters'],
  now: Date,
): Promise<SavedReport> {
  if (!namePattern.test(name)) {
    throw new ParameterError(
      'name',
      'invalid_name',
      `"${name}" cannot name a report. Use up to 64 lower-case letters, digits, - and _, e.g. weekly-by-feature.`,
    );
  }
  const declared = reportAnswer.parameters;
  for (const parameter of Object.keys(parameters)) {
    if (Object.hasOwn(declared, parameter) && parameter !== 'saved') continue;
    throw new ParameterError(
      parameter,
      'unknown_parameter',
      `A report has no parameter "${parameter}".${didYouMean(parameter, Object.keys(declared))}`,
    );
  }
  // What could not be asked for is not saved.
  readReport(new AnswerParameters(declared, parameters, now));
  const report: SavedReport = { name, parameters, saved_at: now.toISOString() };
  await replaceFile(pathOf(dataDirectory, name), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

/** Throws `unknown_report` with the nearest name. */
export async function removeSavedReport(dataDirectory: string, name: string): Promise<void> {
  await readSavedReport(dataDirectory, name);
  await rm(pathOf(dataDirectory, name), { force: true });
}

async function load(dataDirectory: string, name: string): Promise<SavedReport | null> {
  try {
    const { parameters, saved_at } = JSON.parse(
      await readFile(pathOf(dataDirectory, name), 'utf8'),
    ) as Partial<SavedReport>;
    if (typeof parameters !== 'object' || parameters === null) return null;
    return { name, parameters, saved_at: String(saved_at) };
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') {
      return null;
    }
    throw error;
  }
}

async function unknown(dataDirectory: string, name: string): Promise<FarthingError> {
  const names = (await listSavedReports(dataDirectory)).map((report) => report.name);
  const known =
    names.length === 0
      ? ' None is saved yet: add --save <name> to a report.'
      : `${didYouMean(name, names)} Saved: ${names.join(', ')}.`;
  return new ParameterError(
    'saved',
    'unknown_report',
    `There is no saved report "${name}".${known}`,
  );
}

function folderOf(dataDirectory: string): string {
  return join(dataDirectory, 'reports');
}

function pathOf(dataDirectory: string, name: string): string {
  return join(folderOf(dataDirectory), `${name}.json`);
}
