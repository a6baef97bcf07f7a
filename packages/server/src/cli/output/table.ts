import { stripVTControlCharacters, styleText } from 'node:util';
import type { CliOutput } from '../context.js';

export interface Column {
  header: string;
  align: 'left' | 'right';
  cells: string[];
}

/** Where a table does not fit its terminal, words are cut to no less than this. */
const fewestOfWords = 20;
/** And names, which one copies: ids of 36 characters stay whole. */
const fewestOfName = 40;
/** Lines that a terminal breaks anyway are not cut further than this. */
const widestCell = 60;
const gap = 2;

/**
 * Renders columns as a table. In a terminal with a rule under the header and not wider than the terminal:
 * of text that does not fit, words are cut first, then names, the widest first (`--json` has all of it).
 * Piped as plain aligned columns without the rule, so that `awk` and `column` see data only, and whole.
 */
export function renderTable(whole: Column[], output: CliOutput): string {
  const columns = output.tty ? fitted(whole, output.columns) : whole;
  const widths = columns.map(widthOf);
  const line = (cells: string[]) =>
    cells
      .map((cell, index) => pad(cell, widths[index]!, columns[index]!.align))
      .join(' '.repeat(gap))
      .trimEnd();
  const rows = Math.max(0, ...columns.map((column) => column.cells.length));
  const lines = [style(output, 'bold', line(columns.map((column) => column.header)))];
  if (output.tty) {
    lines.push(
      style(
        output,
        'dim',
        widths.map((columnWidth) => '─'.repeat(columnWidth)).join(' '.repeat(gap)),
      ),
    );
  }
  for (let row = 0; row < rows; row++) {
    lines.push(line(columns.map((column) => column.cells[row] ?? '')));
  }
  return `${lines.join('\n')}\n`;
}

function fitted(columns: Column[], room: number): Column[] {
  const widths = columns.map(widthOf);
  const least = columns.map((column, index) => Math.min(widths[index]!, fewestOf(column)));
  let excess = sum(widths) + gap * (columns.length - 1) - room;
  if (excess <= 0) return columns;
  if (sum(widths) - sum(least) < excess) {
    return columns.map((column, index) => cut(column, Math.max(least[index]!, widestCell)));
  }
  const ofWords = columns.map(hasWords);
  for (; excess > 0; excess--) {
    const open = widths.map((_, index) => index).filter((index) => widths[index]! > least[index]!);
    const words = open.filter((index) => ofWords[index]);
    const [widest] = (words.length > 0 ? words : open).sort((a, b) => widths[b]! - widths[a]!);
    widths[widest!]!--;
  }
  return columns.map((column, index) => cut(column, widths[index]!));
}

/** Figures are never cut: what is left of one is another one. */
function fewestOf(column: Column): number {
  if (column.align === 'right') return Infinity;
  return Math.max(width(column.header), hasWords(column) ? fewestOfWords : fewestOfName);
}

function hasWords({ cells }: Column): boolean {
  return cells.some((cell) => /\S\s+\S/.test(cell));
}

function cut(column: Column, columns: number): Column {
  if (column.align === 'right') return column;
  return { ...column, cells: column.cells.map((cell) => shorten(cell, columns)) };
}

function shorten(text: string, columns: number): string {
  // What is colored is a short text or a bar, and must not lose the end of its color.
  if (width(text) <= columns || text.includes('\u001B')) return text;
  let short = '';
  let taken = 0;
  for (const character of text) {
    taken += width(character);
    if (taken > columns - 1) break;
    short += character;
  }
  return `${short.trimEnd()}…`;
}

function widthOf({ header, cells }: Column): number {
  return Math.max(width(header), ...cells.map((cell) => width(cell)));
}

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, each) => total + each, 0);

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
  for (const character of stripVTControlCharacters(text)) {
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
