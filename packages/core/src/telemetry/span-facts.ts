import type { CallContext } from '../usage/call-context.js';
import type { UsageReading } from '../usage/usage.js';

/**
 * What is kept of a span: its place in the trace, the step or the call that it stands for, and its tags.
 * No text of prompts or answers, and users as pseudonyms. This is the record in which received spans
 * wait on disk, hence snake_case. Times are microseconds since 1970.
 */
export interface SpanFacts {
  trace: string;
  span: string;
  parent: string | null;
  /** An agent, tool, workflow or other step of a run; absent for calls and for spans of other things. */
  step?: SpanStep;
  call?: SpanCall;
  /** Tags that the span sets for itself and what is below it, in rising precedence. */
  tags?: [name: string, value: string][];
  /** Tags that the resource of a call sets: they hold where neither it nor a span above it sets them. */
  defaults?: [name: string, value: string][];
}

export interface SpanStep {
  kind: 'agent' | 'tool' | 'chain';
  name: string | null;
}

export interface SpanCall {
  /** A `summary` is a step that states usage: that of its calls, as a rule. */
  role: 'call' | 'summary';
  scope: string;
  began: number;
  ended: number;
  first_byte_ms?: number;
  provider: string;
  /** The vocabulary by which the usage was read: `otel.genai`, `openinference`, … */
  api: string;
  operation?: string;
  stream: boolean;
  model_requested: string | null;
  model: string | null;
  response_id?: string;
  /** Id of the ledger entry that the span itself names. */
  entry?: string;
  outcome: 'ok' | 'error' | 'aborted';
  http_status: number | null;
  error_type?: string;
  reading: UsageReading;
  context?: CallContext;
}

/** A step on the way from the root of a trace to a call, as the entry of the call keeps it. */
export interface SpanPathStep extends SpanStep {
  span: string;
}

/** Where an entry's call stands in its trace, so that a run can be drawn as a tree. */
export interface SpanPlace {
  trace: string;
  span: string;
  parent?: string;
  /** The agents, tools and chains above it as they were known when it was booked, root first. */
  path?: SpanPathStep[];
}
