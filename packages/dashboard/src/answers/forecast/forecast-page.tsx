import type { AnswerFrame } from '@farthing/core';
import { AnswerPanel } from '../answer-panel.js';
import { useAnswer } from '../use-answer.js';

interface Answer {
  frame: AnswerFrame;
  summary: string;
}

export function ForecastPage() {
  const report = useAnswer<Answer>('forecast');
  return (
    <AnswerPanel
      title="Where the month is going"
      what="the forecast"
      report={report}
      sentence={(data) => data.summary}
    >
      {() => null}
    </AnswerPanel>
  );
}
