import type { Directives } from './directives.js';
import { valueForSchema } from './json-schema.js';
import type { ModelProfile } from './model-profile.js';
import type { Random } from './random.js';
import { countTokens } from './tokens.js';
import { cutText, writeText } from './words.js';

export interface ToolOffer {
  name: string;
  /** JSON Schema of the arguments. */
  parameters: unknown;
}

/** What the request asks for, in no provider's terms. */
export interface Brief {
  profile: ModelProfile;
  directives: Directives;
  random: Random;
  maxOutput: number | undefined;
  /** `default`: as the model does by itself. */
  effort: 'default' | 'none' | 'low' | 'medium' | 'high';
  tools: ToolOffer[];
  /** `auto` leaves it to chance; a name forces that tool. */
  toolChoice: 'auto' | 'none' | 'required' | { name: string };
  /** JSON Schema of a structured answer; `{}` for any JSON object. */
  schema: unknown;
  /** A tool's result was just handed in: the model answers in words. */
  afterToolResult: boolean;
}

/** An answer before it is put into a provider's words. Counts are tokens. */
export interface Draft {
  /** Visible text in pieces of a token; empty for a tool call. */
  text: string[];
  toolCall: { name: string; arguments: unknown; pieces: string[] } | null;
  reasoning: number;
  /** Everything generated, reasoning included. */
  output: number;
  finish: 'stop' | 'length' | 'tool';
}

/** An answer longer than this is billed in full but told in this many pieces. */
const mostPieces = 60_000;
const mostOutput = 128_000;
const reasoningMedian = { low: 96, medium: 320, high: 1100 };

export function draftAnswer(brief: Brief): Draft {
  const { random, directives } = brief;
  const toolCall = draftToolCall(brief);
  const structured =
    toolCall === null && brief.schema !== undefined
      ? JSON.stringify(valueForSchema(withRoot(brief.schema), random))
      : undefined;
  const reasoningWanted = draftReasoning(brief);
  const visibleWanted =
    toolCall?.tokens ??
    (structured === undefined
      ? Math.max(
          1,
          Math.round(random.lognormal(brief.profile.outputMedian, brief.profile.outputSigma)),
        )
      : countTokens(structured));
  const wanted = Math.min(directives.outputTokens ?? reasoningWanted + visibleWanted, 10_000_000);
  const asked = Math.max(0, Math.floor(brief.maxOutput ?? mostOutput));
  const limit = Math.min(asked, directives.outputTokens ?? mostOutput);
  const output = Math.min(wanted, limit);
  const reasoning = Math.min(reasoningWanted, output);
  const visible = Math.min(output - reasoning, mostPieces);
  const cutShort = output < wanted;
  if (toolCall !== null && !cutShort) {
    return { text: [], toolCall, reasoning, output, finish: 'tool' };
  }
  return {
    text: structured === undefined ? writeText(random, visible) : cutText(random, structured),
    toolCall: null,
    reasoning,
    output,
    finish: cutShort ? 'length' : 'stop',
  };
}

function draftToolCall(brief: Brief): (Draft['toolCall'] & { tokens: number }) | null {
  const { random, tools, toolChoice, directives } = brief;
  const roll = random.next();
  if (tools.length === 0 || toolChoice === 'none') return null;
  const forced = toolChoice === 'required' || typeof toolChoice === 'object';
  const called = directives.toolCall ?? (forced || (!brief.afterToolResult && roll < 0.6));
  if (!called) return null;
  const named = typeof toolChoice === 'object' ? toolChoice.name : undefined;
  const tool = tools.find((candidate) => candidate.name === named) ?? random.pick(tools);
  const callArguments = valueForSchema(withRoot(tool.parameters), random);
  const text = JSON.stringify(callArguments);
  return {
    name: tool.name,
    arguments: callArguments,
    pieces: cutText(random, text),
    tokens: countTokens(text) + countTokens(tool.name) + 8,
  };
}

function draftReasoning(brief: Brief): number {
  const { profile, directives, random, effort } = brief;
  if (directives.reasoningTokens !== undefined) return directives.reasoningTokens;
  const level =
    effort === 'default' ? (profile.reasoning === 'always' ? 'medium' : 'none') : effort;
  if (profile.reasoning === 'never' || level === 'none') return 0;
  const drawn = random.lognormal(reasoningMedian[level], 0.7);
  // With a given total, thinking takes its usual share of it instead of all.
  const share =
    directives.outputTokens === undefined ? drawn : Math.min(drawn, directives.outputTokens / 2);
  // Vendors report reasoning in steps of 64 tokens.
  return Math.round(share / 64) * 64;
}

/** Arguments and structured answers are objects even where the schema says nothing. */
function withRoot(schema: unknown): unknown {
  return typeof schema === 'object' && schema !== null ? { type: 'object', ...schema } : schema;
}
