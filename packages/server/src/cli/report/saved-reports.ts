import {
  listSavedReports,
  removeSavedReport,
  saveReport,
  type ParameterTexts,
  type SavedReport,
} from '../../answers/index.js';
import { requireData } from '../books/books.js';
import { findControlPlane, type ControlPlane } from '../books/control-plane.js';
import type { CliContext } from '../context.js';
import { displayTime, displayValue } from '../output/display.js';

interface Change {
  save?: string;
  list?: boolean;
  remove?: string;
  json?: boolean;
  timezone: string;
}

/**
 * `--save`, `--list` and `--remove`: by the control plane that runs, which may be another machine's, else
 * in the data directory.
 */
export async function changeSavedReports(
  context: CliContext,
  { save, remove, json, timezone }: Change,
  texts: ParameterTexts,
): Promise<void> {
  const control = await findControlPlane(context);
  if (control === null) requireData(context);
  if (save !== undefined) {
    const report = await saveIn(context, control, save, given(texts));
    context.output.write(
      json === true
        ? `${JSON.stringify(report, null, 2)}\n`
        : `Saved. Ask for it with: farthing report ${report.name}\n`,
    );
  } else if (remove !== undefined) {
    if (control === null) await removeSavedReport(context.dataDirectory, remove);
    else {
      await control.fetch(`/api/v1/reports/${encodeURIComponent(remove)}`, { method: 'DELETE' });
    }
    context.output.write(json === true ? '{}\n' : `Removed ${remove}.\n`);
  } else {
    const reports =
      control === null
        ? await listSavedReports(context.dataDirectory)
        : ((await control.get('/api/v1/reports')) as { reports: SavedReport[] }).reports;
    context.output.write(
      json === true ? `${JSON.stringify({ reports }, null, 2)}\n` : listOf(reports, timezone),
    );
  }
}

async function saveIn(
  context: CliContext,
  control: ControlPlane | null,
  name: string,
  parameters: SavedReport['parameters'],
): Promise<SavedReport> {
  if (control === null) {
    return saveReport(context.dataDirectory, name, parameters, context.now());
  }
  const response = await control.fetch(`/api/v1/reports/${encodeURIComponent(name)}`, {
    method: 'PUT',
    body: JSON.stringify({ parameters }),
    headers: { 'content-type': 'application/json' },
  });
  return (await response.json()) as SavedReport;
}

function given(texts: ParameterTexts): SavedReport['parameters'] {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) =>
      text === undefined ? [] : [[name, typeof text === 'string' ? text : [...text]]],
    ),
  );
}

function listOf(reports: readonly SavedReport[], timeZone: string): string {
  if (reports.length === 0) {
    return 'No saved reports. Add --save <name> to a report to keep it.\n';
  }
  const words = ({ parameters }: SavedReport): string =>
    Object.entries(parameters)
      .flatMap(([name, text]) => [text].flat().map((part) => `${name}=${part}`))
      .join(' ');
  // As lines, because a report is to be read whole.
  const width = Math.max(...reports.map(({ name }) => name.length));
  return reports
    .map((report) => {
      const saved = displayTime(report.saved_at, timeZone, 'minute');
      return `${report.name.padEnd(width)}  ${saved}  ${displayValue('report', words(report))}\n`;
    })
    .join('');
}
