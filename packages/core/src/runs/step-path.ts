import type { SpanPlace, SpanStep } from '../telemetry/span-facts.js';

/** One step of a path: an agent, a tool or another part of a run, by name. */
export type PathStep = Pick<SpanStep, 'kind' | 'name'>;

/**
 * The steps above a call as one text, root first: `agent:planner/tool:search`. Null where the call has no
 * such place. Steps are named, not numbered: what is repeated has the same path each time.
 */
export function stepPath(span: SpanPlace | undefined): string | null {
  if (span?.path === undefined || span.path.length === 0) return null;
  return formatSteps(span.path);
}

/** `%` and `/` within names are percent-encoded, so that the text can be read again. */
export function formatSteps(steps: readonly PathStep[]): string {
  return steps.map(({ kind, name }) => `${kind}:${encode(name ?? '')}`).join('/');
}

/** The steps of a text that `formatSteps` wrote; of any other text, one step with that name. */
export function parseSteps(text: string): PathStep[] {
  const steps: PathStep[] = [];
  for (const part of text.split('/')) {
    const match = /^(agent|tool|chain):(.*)$/s.exec(part);
    if (match === null) return [{ kind: 'chain', name: text }];
    const name = decode(match[2]!);
    steps.push({ kind: match[1] as PathStep['kind'], name: name === '' ? null : name });
  }
  return steps;
}

function encode(name: string): string {
  return name.replaceAll('%', '%25').replaceAll('/', '%2F');
}

function decode(text: string): string {
  return text.replaceAll('%2F', '/').replaceAll('%25', '%');
}
