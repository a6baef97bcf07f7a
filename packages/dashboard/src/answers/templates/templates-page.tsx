import type { Framed, TemplateRow, TemplatesReport } from '@farthing/core';
import { Choice } from '../../controls/choice.js';
import { formatDay } from '../../figures/times.js';
import { useChoice } from '../../view/use-choice.js';
import { AnswerPanel } from '../answer-panel.js';
import { Sentence } from '../sentence.js';
import { useAnswer } from '../use-answer.js';
import { orderNames, templateOrders } from './quantities.js';
import { VersionCard } from './version-card.js';
import { VersionsTable } from './versions-table.js';

/** Each template version beside the one before it: what a change of a prompt changed. */
export function TemplatesPage() {
  const [order, choose] = useChoice('sort', templateOrders);
  const report = useAnswer<Framed<TemplatesReport>>('templates', { order });
  return (
    <AnswerPanel
      title="Templates against the version before"
      what="the templates"
      report={report}
      controls={
        <Choice
          label="Order"
          value={order}
          options={templateOrders.map((value) => ({ value, label: orderNames[value] }))}
          onChange={choose}
        />
      }
      sentence={(data) => <Sentence text={data.summary} />}
    >
      {(data) => <Versions report={data} />}
    </AnswerPanel>
  );
}

function Versions({ report }: { report: TemplatesReport }) {
  const { rows, truncated, notes, compared } = report;
  const changes = rows.filter((row) => row.is_change && row.previous_version !== undefined);
  const earlier = rows.filter((row) => !row.is_change && row.previous_version !== undefined);
  const others = rows.filter((row) => row.previous_version === undefined);
  return (
    <div className="space-y-6">
      <Cards title="Changed in this window" rows={changes} told={report.summary} />
      <Cards
        title={`Changed before it, since ${formatDay(compared.from)}`}
        rows={earlier}
        told={report.summary}
      />
      {others.length > 0 && <VersionsTable rows={others} />}
      {(truncated || notes.length > 0) && (
        <div className="px-4 text-[0.8125rem] text-ink-2 sm:px-6">
          {truncated && (
            <p>The first {rows.length} versions are listed; filter to reach the others.</p>
          )}
          {notes.map((note) => (
            <p key={note}>{note}</p>
          ))}
        </div>
      )}
    </div>
  );
}

function Cards({
  title,
  rows,
  told,
}: {
  title: string;
  rows: readonly TemplateRow[];
  /** What the sentence above says. */
  told: string;
}) {
  if (rows.length === 0) return null;
  return (
    <section aria-label={title} className="px-4 sm:px-6">
      <h3 className="mb-2 font-semibold">{title}</h3>
      <div className={`grid gap-3 ${rows.length > 1 ? 'lg:grid-cols-2' : ''}`}>
        {rows.map((row) => (
          <VersionCard
            key={JSON.stringify([row.feature, row.template_version])}
            row={row}
            isTold={row.summary === told}
          />
        ))}
      </div>
    </section>
  );
}
