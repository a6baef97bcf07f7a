import type { UsdRange } from '@farthing/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Money } from '../../controls/money.js';
import type { Search } from '../../view/view.js';
import { CommandLine } from '../command-line.js';
import { formatSpan, RangeBar, type Scale } from '../range-bar.js';
import { Sentence } from '../sentence.js';

/** One way to save: what it is worth in a month, why it is thought possible, and what speaks against it. */
export function SavingItem({
  name,
  badge,
  month,
  scale,
  sentence,
  signs,
  risks,
  command,
  tryOut,
}: {
  name: ReactNode;
  badge?: ReactNode;
  /** Savings of 30 days; null where nothing is expected. */
  month: UsdRange | null;
  scale: Scale;
  sentence: string;
  signs: readonly string[];
  risks: readonly string[];
  command: string;
  /** The same as a scenario of this page. */
  tryOut: Search;
}) {
  return (
    <li className="grid gap-x-8 gap-y-3 border-t border-line px-4 py-4 sm:px-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,20rem)]">
      <div className="min-w-0">
        <h3 className="flex flex-wrap items-baseline gap-x-2 gap-y-1 font-semibold break-words">
          {name} {badge}
        </h3>
        <p className="mt-1 max-w-[48rem]">
          <Sentence text={sentence} />
        </p>
        {signs.length + risks.length > 0 && (
          <ul className="mt-2 max-w-[48rem] space-y-0.5 text-[0.8125rem] text-ink-2">
            {signs.map((sign) => (
              <li key={sign} className="flex gap-2">
                <span className="w-9 shrink-0 text-ink-3">Sign</span>
                <Sentence text={sign} />
              </li>
            ))}
            {risks.map((risk) => (
              <li key={risk} className="flex gap-2">
                <span className="w-9 shrink-0 text-warn">Risk</span>
                <span>
                  <Sentence text={risk} />
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className="min-w-0">
        {month === null ? (
          <p className="text-ink-3">No saving is expected.</p>
        ) : (
          <>
            <p className="figure">
              <span className="text-lg font-semibold">
                <Money usd={month.expected} />
              </span>{' '}
              <span className="text-[0.8125rem] text-ink-2">a month</span>
            </p>
            <RangeBar span={month} scale={scale} label="Saved in a month" />
            {month.low !== month.high && (
              <p className="figure mt-0.5 text-[0.8125rem] text-ink-3">{formatSpan(month)}</p>
            )}
          </>
        )}
        <div className="mt-2">
          <CommandLine command={command} />
        </div>
        <Link
          to="/answers/savings"
          search={tryOut as never}
          hash="what-if"
          className="mt-2 inline-block text-[0.8125rem] font-medium text-accent-ink underline underline-offset-2"
        >
          Try it below
        </Link>
      </div>
    </li>
  );
}
