import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { DecisionLine, RecordedDecision } from './decision-log.js';
import { earlierDecisions } from './decision-log.js';

/** A decision as it is shown: for repeated refusals the first one's, and how many there were. */
export interface FoundDecision extends RecordedDecision {
  /** Refusals of the same account within the same second, this one included. */
  times: number;
  /** Set when the decision was recorded about another call, the first of its kind. */
  same_as?: string;
}

/** What was decided about a call; null when nothing is recorded: it passed, and nothing was said. */
export async function findDecision(path: string, call: string): Promise<FoundDecision | null> {
  let found = null as FoundDecision | null;
  const firsts = new Map<string, RecordedDecision>();
  for await (const line of readDecisionLines(path, (text) => text.includes(call))) {
    if ('call' in line && line.call === call) found = { ...line, times: found?.times ?? 1 };
    if (!('same_as' in line)) continue;
    if (line.same_as === call && found !== null) found = { ...found, times: line.count + 1 };
    if (line.calls.includes(call)) {
      const first = firsts.get(line.same_as) ?? (await findFirst(path, line.same_as));
      if (first !== null) {
        found = { ...first, call, times: line.count + 1, same_as: line.same_as };
      }
    }
  }
  return found;
}

async function findFirst(path: string, call: string): Promise<RecordedDecision | null> {
  for await (const line of readDecisionLines(path, (text) => text.includes(call))) {
    if ('call' in line && line.call === call) return line;
  }
  return null;
}

/** The latest decisions, newest first; of one budget, or of one outcome. */
export async function latestDecisions(
  path: string,
  { limit, budget, outcome }: { limit: number; budget?: string; outcome?: string },
): Promise<FoundDecision[]> {
  const kept: FoundDecision[] = [];
  for await (const line of readDecisionLines(path, () => true)) {
    if ('same_as' in line) {
      const first = kept.findLast(({ call }) => call === line.same_as);
      if (first !== undefined) first.times = line.count + 1;
      continue;
    }
    if (outcome !== undefined && line.outcome !== outcome) continue;
    if (budget !== undefined && !concerns(line, budget)) continue;
    kept.push({ ...line, times: 1 });
    if (kept.length > 2 * limit) kept.splice(0, kept.length - limit);
  }
  return kept.slice(-limit).toReversed();
}

function concerns({ refusal, accounts, steps }: RecordedDecision, budget: string): boolean {
  return (
    refusal?.budget === budget ||
    accounts.some((account) => account.budget === budget && account.said !== 'yes') ||
    steps.some((step) => 'budget' in step && step.budget === budget)
  );
}

async function* readDecisionLines(
  path: string,
  wanted: (text: string) => boolean,
): AsyncGenerator<DecisionLine> {
  for (const file of [earlierDecisions(path), path]) {
    try {
      for await (const text of createInterface({ input: createReadStream(file) })) {
        if (!wanted(text)) continue;
        const line = parse(text);
        if (line !== null) yield line;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/** Null for a line that a crash has torn. */
function parse(text: string): DecisionLine | null {
  try {
    return JSON.parse(text) as DecisionLine;
  } catch {
    return null;
  }
}
