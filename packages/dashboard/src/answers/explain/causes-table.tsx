import type { ExplainedCause, ExplainReport, Filter } from '@farthing/core';
import { Link } from '@tanstack/react-router';
import { SmallButton } from '../../controls/button.js';
import { formatShare, plural } from '../../figures/counts.js';
import { valueLabel } from '../../view/dimensions.js';
import { useChoice } from '../../view/use-choice.js';
import { carry, useView } from '../../view/use-view.js';
import { OpenableRow, table } from '../openable-row.js';
import { Sentence } from '../sentence.js';
import { signedDigits, SignedMoney } from '../signed-money.js';
import { causeCounts } from './cause-counts.js';
import { causeNames, movedWords, sinceWords } from './cause-words.js';

/** What happened, the largest first; each opens to the models and templates that brought it. */
export function CausesTable({ report }: { report: ExplainReport }) {
  const { causes, other_causes: others } = report;
  const [top, choose] = useChoice('top', causeCounts);
  if (causes.length === 0) return null;
  const digits = signedDigits(causes.map((cause) => cause.amount_usd));
  return (
    <section aria-label="Who did it">
      <h3 className="px-4 pb-2 font-semibold sm:px-6">Who did it</h3>
      <table className="w-full border-t border-line text-[0.8125rem]">
        <thead className="border-b border-line text-ink-3">
          <tr>
            <th scope="col" className={`${table.head} text-left`}>
              What happened
            </th>
            <th scope="col" className={`${table.head} hidden text-left lg:table-cell`}>
              What moved
            </th>
            <th scope="col" className={`${table.head} hidden text-left md:table-cell`}>
              Since, UTC
            </th>
            <th scope="col" className={`${table.head} hidden text-right sm:table-cell`}>
              Share
            </th>
            <th scope="col" className={`${table.head} text-right`}>
              Amount
            </th>
          </tr>
        </thead>
        <tbody>
          {causes.map((cause) => (
            <CauseRow
              key={`${cause.kind} ${cause.group ?? '\0'} ${cause.group === undefined}`}
              cause={cause}
              report={report}
              digits={digits}
            />
          ))}
        </tbody>
      </table>
      {others.count > 0 && (
        <p className="px-4 pt-2 text-[0.8125rem] text-ink-2 sm:px-6">
          {plural(others.count, 'smaller cause')}: <SignedMoney usd={others.amount_usd} plain />
          {top !== causeCounts[1] && (
            <SmallButton quiet className="ml-2" onClick={() => choose(causeCounts[1])}>
              Show more
            </SmallButton>
          )}
        </p>
      )}
    </section>
  );
}

function CauseRow({
  cause,
  report,
  digits,
}: {
  cause: ExplainedCause;
  report: ExplainReport;
  digits: number;
}) {
  const { kind, group, amount_usd: amount, share, summary } = cause;
  const moved = movedWords(cause);
  const since = sinceWords(cause);
  return (
    <OpenableRow
      columns={5}
      name={
        <>
          {causeNames[kind]}
          {group !== undefined && <>: {valueLabel(report.by, group)}</>}
        </>
      }
      below={
        <span className="block text-ink-2">
          <Sentence text={capital(summary)} />
          {since !== null && <span className="text-ink-3 md:hidden"> · {since}</span>}
        </span>
      }
      cells={
        <>
          <td className={`${table.cell} figure hidden text-ink-2 lg:table-cell`}>{moved ?? '–'}</td>
          <td className={`${table.cell} figure hidden whitespace-nowrap text-ink-2 md:table-cell`}>
            {since ?? '–'}
          </td>
          <td className={`${table.cell} figure hidden text-right text-ink-2 sm:table-cell`}>
            {share === null ? '–' : `${share < 0 ? '−' : ''}${formatShare(Math.abs(share))}`}
          </td>
          <td className={`${table.cell} text-right font-semibold`}>
            <SignedMoney usd={amount} digits={digits} />
          </td>
        </>
      }
    >
      <Contributors cause={cause} report={report} />
    </OpenableRow>
  );
}

function Contributors({ cause, report }: { cause: ExplainedCause; report: ExplainReport }) {
  const { view } = useView();
  const { contributors, group } = cause;
  const moved = movedWords(cause);
  const filters: Filter[] =
    group === undefined
      ? view.filters
      : [
          ...view.filters.filter(({ dimension }) => dimension !== report.by),
          { dimension: report.by, op: 'in', values: [group] },
        ];
  return (
    <>
      {moved !== null && <p className="figure mb-2 text-ink-2 lg:hidden">{moved}</p>}
      {contributors.length > 0 && (
        <table className="w-full max-w-3xl">
          <thead className="border-b border-line text-ink-3">
            <tr>
              <th scope="col" className="py-1.5 text-left font-medium">
                Model
              </th>
              <th scope="col" className="py-1.5 pl-3 text-left font-medium">
                Template
              </th>
              <th scope="col" className="py-1.5 pl-3 text-right font-medium">
                Amount
              </th>
            </tr>
          </thead>
          <tbody>
            {contributors.map((part) => (
              <tr
                key={`${part.provider} ${part.model} ${part.template_version}`}
                className="border-b border-line last:border-0"
              >
                <th scope="row" className="py-1.5 text-left font-normal break-all">
                  {part.model ?? <span className="text-ink-2 italic">no model</span>}
                </th>
                <td className="py-1.5 pl-3 text-ink-2">
                  {part.template_version === undefined ? 'all' : (part.template_version ?? 'none')}
                </td>
                <td className="py-1.5 pl-3 text-right">
                  <SignedMoney usd={part.amount_usd} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="mt-2">
        <Link
          to="/calls"
          search={carry(view, { filters, order: 'dearest' }) as never}
          className="font-medium text-accent-ink hover:underline"
        >
          Its dearest calls
        </Link>
      </p>
    </>
  );
}

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
