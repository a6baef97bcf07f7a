import { shownActions, type Review } from '../review.js';
import type { ReviewSection, ReviewTable } from '../section.js';
import { formatCell, monthlyText, spanText } from './format-cell.js';

/** The review as Markdown (tables of GitHub's dialect); charts are left to the page. */
export function renderReviewMarkdown(review: Review): string {
  const blocks = [
    `# Cost review, ${spanText(review.window)}`,
    `**${text(review.summary)}**`,
    ...review.sections.flatMap(sectionBlocks),
    ...actionBlocks(review),
    ...noteBlocks(review),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function sectionBlocks(section: ReviewSection): string[] {
  const { title, summary, table, points = [] } = section;
  return [
    `## ${title}`,
    text(summary),
    ...(table === undefined || table.rows.length === 0 ? [] : [tableBlock(table)]),
    ...(points.length === 0
      ? []
      : [points.map((point) => `- ${text(point.text)}${commandText(point.command)}`).join('\n')]),
  ];
}

function tableBlock({ columns, rows }: ReviewTable): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ kind }) => (kind === 'text' ? '---' : '---:'))),
    ...rows.map((row) => line(columns.map(({ key, kind }) => text(formatCell(kind, row[key]))))),
  ].join('\n');
}

function actionBlocks({ actions }: Review): string[] {
  if (actions.length === 0) return [];
  const count = Math.min(actions.length, shownActions);
  return [
    `## ${count === 1 ? 'One thing' : `${numberWord(count)} things`} to do this week`,
    actions
      .slice(0, shownActions)
      .map(({ title, sentence, monthly_usd: usd, command }, index) => {
        const worth = monthlyText(usd);
        return `${index + 1}. **${text(title)}**${worth === '' ? '' : `, ${worth}`}. ${text(sentence)}${commandText(command)}`;
      })
      .join('\n'),
  ];
}

function noteBlocks({ frame }: Review): string[] {
  const notes = [...frame.notes, ...frame.estimated];
  return notes.length === 0 ? [] : [notes.map((note) => `_${text(note)}_`).join('  \n')];
}

export function numberWord(count: number): string {
  return ['No', 'One', 'Two', 'Three'][count] ?? String(count);
}

function commandText(command: string | undefined): string {
  return command === undefined ? '' : ` ${codeSpan(command.replaceAll(/[\r\n]+/g, ' '))}`;
}

/** Code between more backticks than it has in a row itself, so that none of its own ends it (CommonMark 6.1). */
function codeSpan(code: string): string {
  const longest = Math.max(0, ...(code.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${code}${fence}` : `${fence} ${code} ${fence}`;
}

/**
 * Names of features and models come from callers: they must not become markup. What stands between two
 * single backticks is code, where only a stroke would end a cell of a table; of longer runs, which names alone
 * have, every backtick is a character.
 */
function text(words: string): string {
  return words
    .replaceAll(/[\r\n]+/g, ' ')
    .split(/((?<!`)`[^`]+`(?!`))/)
    .map((part, index) =>
      part.replaceAll(index % 2 === 1 ? /\|/g : /[\\*_[\]<>|#`]/g, String.raw`\$&`),
    )
    .join('');
}
