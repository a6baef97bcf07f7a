import { styleText } from 'node:util';
import type { CliOutput } from '../context.js';

export interface Column {
  header: string;
  align: 'left' | 'right';
  cells: string[];
}

/**
 * Renders columns as a table. In a terminal with a rule under the header; piped as plain aligned
 * columns without it, so that `awk` and `column` see data only.
 */
/** Widest cell of a table; longer text is shortened, and whole with `--json`. */
const widestCell = 60;

function shorten(text: string): string {
  if (text.length <= widestCell && width(text) <= widestCell) return text;
  let short = '';
  for (const character of text) {
    if (width(short + character) > widestCell - 1) break;
    short += character;
  }
  return `${short}…`;
}

export function renderTable(wide: Column[], output: CliOutput): string {
  const columns = wide.map((column) => ({ ...column, cells: column.cells.map(shorten) }));
  const widths = columns.map((column) =>
    Math.max(width(column.header), ...column.cells.map((cell) => width(cell))),
  );
  const line = (cells: string[]) =>
    cells
      .map((cell, index) => pad(cell, widths[index]!, columns[index]!.align))
      .join('  ')
      .trimEnd();
  const rows = Math.max(0, ...columns.map((column) => column.cells.length));
  const lines = [style(output, 'bold', line(columns.map((column) => column.header)))];
  if (output.tty) {
    lines.push(
      style(output, 'dim', widths.map((columnWidth) => '─'.repeat(columnWidth)).join('  ')),
    );
  }
  for (let row = 0; row < rows; row++) {
    lines.push(line(columns.map((column) => column.cells[row] ?? '')));
  }
  return `${lines.join('\n')}\n`;
}

/** A horizontal bar for a share of 0 to 1, in eighths of a character. */
export function bar(share: number, length: number): string {
  const eighths = Math.round(Math.max(0, Math.min(1, share)) * length * 8);
  const full = '█'.repeat(Math.floor(eighths / 8));
  const rest = eighths % 8;
  return rest === 0 ? full : full + ' ▏▎▍▌▋▊▉'[rest]!;
}

export function style(
  output: CliOutput,
  format: Parameters<typeof styleText>[0],
  text: string,
): string {
  return output.color ? styleText(format, text, { validateStream: false }) : text;
}

/** Makes text from outside safe to print: a model or feature name must not steer the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, '\uFFFD');
}

/** Columns in a terminal, not UTF-16 units: accents add nothing, wide scripts and emoji take two. */
function width(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (/\p{M}/u.test(character)) continue;
    columns +=
      /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return columns;
}

function pad(text: string, columns: number, align: 'left' | 'right'): string {
  const blank = ' '.repeat(Math.max(0, columns - width(text)));
  return align === 'left' ? text + blank : blank + text;
}
