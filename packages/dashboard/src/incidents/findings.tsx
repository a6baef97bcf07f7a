import type { IncidentFinding } from '@farthing/core';
import { Sentence } from '../answers/sentence.js';
import { plural } from '../figures/counts.js';
import { formatMoment } from '../figures/times.js';
import { signsOf } from './findings-by-cause.js';
import { causeWords, factorWords } from './incident-words.js';

/** What each detector and rule said of it. */
export function Findings({ findings }: { findings: readonly IncidentFinding[] }) {
  const signs = signsOf(findings);
  if (signs.length === 0) return null;
  return (
    <section aria-labelledby="findings" className="panel px-4 py-4 sm:px-6">
      <h2 id="findings" className="font-semibold">
        {signs.length === 1 ? 'What was found' : `What was found: ${signs.length} signs of it`}
      </h2>
      <ul className="mt-1 text-[0.8125rem]">
        {signs.map(({ key, latest, firstAt, times }) => (
          <li key={key} className="border-b border-line py-2 last:border-0">
            <p className="flex flex-wrap items-baseline gap-x-3">
              <span className="font-medium">{latest.rule ?? causeWords(latest.cause)}</span>
              {latest.factor !== null && (
                <span className="figure font-semibold text-warn">{factorWords(latest.factor)}</span>
              )}
              <span className="figure ml-auto text-ink-3">
                {formatMoment(firstAt)}
                {times > 1
                  ? `, ${plural(times, 'time')} since`
                  : latest.calls > 0 && `, after ${plural(latest.calls, 'call')}`}
              </span>
            </p>
            <p className="text-ink-2">
              <Sentence text={latest.text} />
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
