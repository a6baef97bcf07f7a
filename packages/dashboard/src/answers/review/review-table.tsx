import type { CellKind, ReviewTable } from '@farthing/core';
import { Link } from '@tanstack/react-router';
import { Money } from '../../controls/money.js';
import { formatCount, formatShare } from '../../figures/counts.js';
import { carry, useView } from '../../view/use-view.js';
import { Sentence } from '../sentence.js';

/** A section's figures. It scrolls within on a narrow screen. */
export function SectionTable({ table, title }: { table: ReviewTable; title: string }) {
  const { view } = useView();
  if (table.rows.length === 0) return null;
  const side = (kind: CellKind) => (kind === 'text' ? 'text-left' : 'text-right');
  return (
    <div tabIndex={0} role="region" aria-label={`${title}, as a table`} className="overflow-x-auto">
      <table className="w-full text-[0.8125rem]">
        <thead className="text-ink-3">
          <tr className="border-b border-line">
            {table.columns.map(({ key, title: head, kind }) => (
              <th
                key={key}
                scope="col"
                className={`py-1.5 pr-4 font-medium whitespace-nowrap last:pr-0 ${side(kind)}`}
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index} className="border-b border-line last:border-0">
              {table.columns.map(({ key, kind }) => (
                <td
                  key={key}
                  className={`figure py-1.5 pr-4 align-top last:pr-0 ${side(kind)} ${kind === 'text' ? 'min-w-28' : 'whitespace-nowrap'}`}
                >
                  {key === 'call' && row[key] != null ? (
                    <Link
                      to="/calls"
                      search={carry(view, { call: String(row[key]) }) as never}
                      className="text-accent-ink underline underline-offset-2"
                    >
                      open
                    </Link>
                  ) : (
                    <Cell kind={kind} value={row[key] ?? null} />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ kind, value }: { kind: CellKind; value: string | number | null }) {
  if (value === null) return '–';
  switch (kind) {
    case 'text':
      return <Sentence text={String(value)} />;
    case 'usd':
      return <Money usd={String(value)} />;
    case 'count':
      return formatCount(Number(value));
    case 'share':
      return Number(value) < 0 ? `−${formatShare(-Number(value))}` : formatShare(Number(value));
    case 'change': {
      const change = Number(value);
      return `${change > 0 ? '+' : change < 0 ? '−' : ''}${formatShare(Math.abs(change))}`;
    }
  }
}
