import { shownActions, type Review } from '../review.js';
import type { ReviewSection, ReviewTable } from '../section.js';
import { renderChart } from './chart-svg.js';
import { escapeHtml } from './escape-html.js';
import { formatCell, monthlyText, spanText } from './format-cell.js';
import { numberWord } from './render-markdown.js';

/** The review as one HTML file: nothing is loaded from elsewhere, nothing runs, and it prints on paper. */
export function renderReviewHtml(review: Review): string {
  const title = `Cost review, ${spanText(review.window)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${styles}</style>
</head>
<body>
<main>
<header><p class="kicker">Farthing</p><h1>${escapeHtml(title)}</h1><p class="lead">${prose(review.summary)}</p></header>
${review.sections.map(sectionPart).join('\n')}
${actionList(review)}
${notes(review)}
</main>
</body>
</html>
`;
}

function sectionPart(section: ReviewSection): string {
  const { id, title, summary, charts = [], table, points = [] } = section;
  return `<section id="${escapeHtml(id)}"><h2>${escapeHtml(title)}</h2><p>${prose(summary)}</p>${charts.map((chart) => `<figure>${renderChart(chart)}</figure>`).join('')}${table === undefined || table.rows.length === 0 ? '' : tablePart(table)}${
    points.length === 0
      ? ''
      : `<ul>${points.map(({ text, command }) => `<li>${prose(text)}${commandPart(command)}</li>`).join('')}</ul>`
  }</section>`;
}

function tablePart({ columns, rows }: ReviewTable): string {
  const look = (kind: string) => (kind === 'text' ? '' : ' class="number"');
  const head = columns.map(({ title, kind }) => `<th${look(kind)}>${escapeHtml(title)}</th>`);
  const body = rows.map(
    (row) =>
      `<tr>${columns
        .map(({ key, kind }) => `<td${look(kind)}>${prose(formatCell(kind, row[key]))}</td>`)
        .join('')}</tr>`,
  );
  return `<div class="scroll"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

function actionList({ actions }: Review): string {
  if (actions.length === 0) return '';
  const shown = actions.slice(0, shownActions);
  const title =
    shown.length === 1
      ? 'One thing to do this week'
      : `${numberWord(shown.length)} things to do this week`;
  const items = shown.map(({ title: what, sentence, monthly_usd: usd, command }) => {
    const worth = monthlyText(usd);
    return `<li><strong>${prose(what)}</strong>${worth === '' ? '' : `<span class="worth">${escapeHtml(worth)}</span>`}<p>${prose(sentence)}</p>${commandPart(command)}</li>`;
  });
  return `<section id="actions" class="actions"><h2>${title}</h2><ol>${items.join('')}</ol></section>`;
}

function notes({ frame }: Review): string {
  const sentences = [...frame.notes, ...frame.estimated];
  return sentences.length === 0
    ? ''
    : `<footer>${sentences.map((sentence) => `<p>${escapeHtml(sentence)}</p>`).join('')}</footer>`;
}

/** Sentences put names between backticks; here they are set as such. */
function prose(text: string): string {
  return escapeHtml(text).replaceAll(/`([^`]*)`/g, '<b>$1</b>');
}

function commandPart(command: string | undefined): string {
  return command === undefined ? '' : ` <code>${escapeHtml(command)}</code>`;
}

const styles = `
:root{color-scheme:light dark;--ink:#1c1b1a;--dim:#6b6762;--line:#e2ddd5;--paper:#fbfaf7;--card:#fff;--now:#9a5b13;--before:#e7d3b6;--rise:#b3402a;--fall:#3c7a57}
@media (prefers-color-scheme:dark){:root{--ink:#efece6;--dim:#a19b92;--line:#39352f;--paper:#191714;--card:#211e1a;--now:#dfa04f;--before:#57452d;--rise:#e5806a;--fall:#7cc09a}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:860px;margin:0 auto;padding:48px 24px 64px}
.kicker{margin:0;color:var(--dim);font-size:12px;letter-spacing:.12em;text-transform:uppercase}
h1{margin:4px 0 12px;font-size:28px;line-height:1.2;font-weight:650}
h2{margin:0 0 6px;font-size:18px;font-weight:650}
.lead{font-size:18px;margin:0 0 28px;max-width:65ch}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:20px 22px;margin:0 0 18px}
section>p{margin:0 0 12px;max-width:75ch}
figure{margin:10px 0 16px}
svg text{font-size:12px;fill:var(--ink)}svg text.dim{fill:var(--dim)}
.now{fill:var(--now)}.before{fill:var(--before)}.rise{fill:var(--rise)}.fall{fill:var(--fall)}.axis{stroke:var(--line)}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse;font-size:14px;margin:4px 0 10px}
th{font-weight:600;text-align:left;color:var(--dim);border-bottom:1px solid var(--line);padding:6px 10px 6px 0}
td{padding:6px 10px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
tr:last-child td{border-bottom:0}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
ul,ol{margin:8px 0 0;padding-left:20px}li{margin:0 0 8px}li p{margin:2px 0 4px}
b{font-weight:600}
code{font:12.5px/1.4 ui-monospace,SFMono-Regular,Menlo,monospace;color:var(--dim);background:var(--paper);border:1px solid var(--line);border-radius:4px;padding:1px 5px;overflow-wrap:anywhere}
.actions{border-color:var(--now)}
.worth{margin-left:8px;color:var(--now);font-weight:600}
footer{color:var(--dim);font-size:13px;padding:0 4px}footer p{margin:0 0 4px}
@media print{:root{color-scheme:light;--ink:#000;--dim:#555;--line:#ccc;--paper:#fff;--card:#fff;--now:#9a5b13;--before:#e7d3b6}main{padding:0;max-width:none}section{break-inside:avoid;border-radius:0;padding:12px 0;border-width:1px 0 0}body{font-size:12px}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
