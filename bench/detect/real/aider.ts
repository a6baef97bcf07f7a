import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { OutlierRecorder, type CostOutlier } from '@farthing/core';

const file = resolve(
  import.meta.dirname,
  '../../../../shared/data/aider/message_send_history.jsonl',
);
export const hasAider = existsSync(file);

/** A message of aider's public analytics, priced by aider. */
interface Message {
  time: number;
  properties: {
    main_model: string;
    edit_format?: string | null;
    prompt_tokens: number;
    completion_tokens: number;
    cost?: number | null;
  };
}

export interface AiderOutlier extends CostOutlier {
  model: string;
  prompt_tokens: number;
  completion_tokens: number;
}

/** The recorder over all priced messages, in the order in which they were sent; the dearest first. */
export function aiderOutliers(): { calls: number; outliers: AiderOutlier[] } {
  const messages = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Message)
    .filter(({ properties }) => (properties.cost ?? 0) > 0);
  const recorder = new OutlierRecorder();
  const outliers: AiderOutlier[] = [];
  for (const { time, properties } of messages) {
    const { main_model: model, edit_format: format, cost } = properties;
    const found = recorder.observe({
      at: time * 1_000,
      cost: cost ?? null,
      group: format ?? '',
      model,
    });
    if (found === null) continue;
    const { prompt_tokens, completion_tokens } = properties;
    outliers.push({ ...found, model, prompt_tokens, completion_tokens });
  }
  return { calls: messages.length, outliers: outliers.toSorted((a, b) => b.cost - a.cost) };
}
