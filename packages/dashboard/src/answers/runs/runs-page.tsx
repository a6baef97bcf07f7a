import type { AnswerFrame } from '@farthing/core';
import { AnswerPanel } from '../answer-panel.js';
import { useAnswer } from '../use-answer.js';

interface Answer {
  frame: AnswerFrame;
  summary: string;
}

export function RunsPage() {
  const report = useAnswer<Answer>('runs');
  return (
    <AnswerPanel
      title="Runs and sessions"
      what="the runs"
      report={report}
      sentence={(data) => data.summary}
    >
      {() => null}
    </AnswerPanel>
  );
}
