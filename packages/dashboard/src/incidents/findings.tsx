import type { IncidentFinding } from '@farthing/core';
import { Sentence } from '../answers/sentence.js';
import { plural } from '../figures/counts.js';
import { formatMoment } from '../figures/times.js';
import { causeWords, factorWords } from './incident-words.js';

/** What each detector and rule said of it. */
export function Findings({ findings }: { findings: readonly IncidentFinding[] }) {
  if (findings.length === 0) return null;
  return (
    <section aria-labelledby="findings" className="panel px-4 py-4 sm:px-6">
      <h2 id="findings" className="font-semibold">
        {findings.length === 1
          ? 'What was found'
          : `What was found, ${findings.length} signs of it`}
      </h2>
      <ul className="mt-1 text-[0.8125rem]">
        {findings.map((finding) => (
          <li
            key={`${finding.cause} ${finding.rule ?? ''} ${finding.at}`}
            className="border-b border-line py-2 last:border-0"
          >
            <p className="flex flex-wrap items-baseline gap-x-3">
              <span className="font-medium">{finding.rule ?? causeWords(finding.cause)}</span>
              {finding.factor !== null && (
                <span className="figure font-semibold text-warn">
                  {factorWords(finding.factor)}
                </span>
              )}
              <span className="figure ml-auto text-ink-3">
                {formatMoment(finding.at)}
                {finding.calls > 0 && `, after ${plural(finding.calls, 'call')}`}
              </span>
            </p>
            <p className="text-ink-2">
              <Sentence text={finding.text} />
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
