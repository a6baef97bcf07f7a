import type { AnswerFrame } from '@farthing/core';
import { AnswerPanel } from '../answer-panel.js';
import { useAnswer } from '../use-answer.js';

interface Answer {
  frame: AnswerFrame;
  summary: string;
}

export function CachePage() {
  const report = useAnswer<Answer>('cache');
  return (
    <AnswerPanel
      title="What the prompt cache returns"
      what="the cache"
      report={report}
      sentence={(data) => data.summary}
    >
      {() => null}
    </AnswerPanel>
  );
}
