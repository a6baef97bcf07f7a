import type { PathStep } from '@farthing/core';
import type { Random } from '../fake-provider/random.js';
import type { DemoCall } from './draw-work.js';

/** A use of a tool that a call led to. */
export interface ToolUse {
  name: string;
  /** Milliseconds from the end of the call to the use, and of the use itself. */
  after: number;
  durationMs: number;
  failed: boolean;
}

/** What is known of a run when it is over. */
export interface RunOutcome {
  success: boolean;
  /** From 0 to 1. */
  score: number;
}

/** Where a call stands in its run, and what it led to. */
export interface RunPart {
  /** The agents above the call, the first one on top. */
  path: PathStep[];
  tools: ToolUse[];
  /** Stated after the last call of a run that somebody judged. */
  outcome: RunOutcome | null;
}

const judgedShare = 0.8;
const successShare = 0.88;
const failingUses = 0.03;

/**
 * Gives the calls of one run their places: the agent plans in one step and has its helper read in the next,
 * who uses a tool. In most runs somebody says in the end what became of it.
 *
 * @param known the outcome, where a story tells it.
 */
export function placeInRun(
  random: Random,
  calls: readonly DemoCall[],
  known?: RunOutcome,
): DemoCall[] {
  const gaveUp = calls.at(-1)?.failure != null;
  const outcome = known ?? drawOutcome(random, gaveUp);
  return calls.map((call, index) => {
    const { agent, helper } = call.feature;
    const path: PathStep[] = agent === undefined ? [] : [{ kind: 'agent', name: agent }];
    const tools: ToolUse[] = [];
    if (helper !== undefined && index % 2 === 1) {
      path.push({ kind: 'agent', name: helper.agent });
      if (call.failure === null) tools.push(...drawUses(random, helper.tool));
    }
    return { ...call, part: { path, tools, outcome: index < calls.length - 1 ? null : outcome } };
  });
}

function drawOutcome(random: Random, gaveUp: boolean): RunOutcome | null {
  if (!random.chance(judgedShare)) return null;
  const success = !gaveUp && random.chance(successShare);
  const score = success ? random.integer(60, 100) : random.integer(0, 30);
  return { success, score: score / 100 };
}

function drawUses(random: Random, name: string): ToolUse[] {
  let after = 20;
  return Array.from({ length: random.integer(1, 3) }, () => {
    const use = {
      name,
      after,
      durationMs: Math.round(random.lognormal(350, 0.5)),
      failed: random.chance(failingUses),
    };
    after += use.durationMs + 10;
    return use;
  });
}
