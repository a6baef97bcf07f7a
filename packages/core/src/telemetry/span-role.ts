import { names } from './attribute-names.js';
import { textOf, type Attributes } from './span.js';

/**
 * What a span stands for. A `call` is one call of a model. An `agent`, a `tool` or a `chain` (workflow,
 * task, retriever, …) is a step of a run; when such a step states usage, it repeats that of its calls.
 */
export type SpanRole = 'call' | 'agent' | 'tool' | 'chain' | 'other';

const operations: ReadonlyMap<string, SpanRole> = new Map([
  ['chat', 'call'],
  ['text_completion', 'call'],
  ['generate_content', 'call'],
  ['embeddings', 'call'],
  ['rerank', 'call'],
  ['invoke_agent', 'agent'],
  ['create_agent', 'agent'],
  ['invoke_workflow', 'chain'],
  ['execute_tool', 'tool'],
  ['retrieval', 'chain'],
  // It repeats the usage of a call that was made before.
  ['fetch_response', 'chain'],
]);

const kinds: ReadonlyMap<string, SpanRole> = new Map([
  // OpenInference
  ['llm', 'call'],
  ['embedding', 'call'],
  ['reranker', 'call'],
  ['retriever', 'chain'],
  ['guardrail', 'chain'],
  ['evaluator', 'chain'],
  // OpenLLMetry
  ['workflow', 'chain'],
  ['task', 'chain'],
  // Langfuse
  ['generation', 'call'],
  // all of them
  ['agent', 'agent'],
  ['tool', 'tool'],
  ['chain', 'chain'],
]);

/** Decides by what a span says of itself, in the vocabulary that says it most precisely. */
export function roleOfSpan(attributes: Attributes, statesUsage: boolean): SpanRole {
  const ai = textOf(attributes, names.aiOperation);
  if (ai?.startsWith('ai.') === true) {
    if (ai === 'ai.toolCall') return 'tool';
    return /\.do[A-Z]\w*$/.test(ai) ? 'call' : 'chain';
  }
  const operation = textOf(attributes, names.operation);
  const known = operation === undefined ? undefined : operations.get(operation.toLowerCase());
  if (known !== undefined) return known;
  for (const vocabulary of [
    names.openInferenceKind,
    names.langfuseType,
    names.langsmithKind,
    names.traceloopKind,
  ]) {
    const kind = textOf(attributes, vocabulary);
    const role = kind === undefined ? undefined : kinds.get(kind.toLowerCase());
    if (role !== undefined) return role;
  }
  if (textOf(attributes, names.requestType) !== undefined || statesUsage) return 'call';
  const named =
    textOf(attributes, names.provider) !== undefined &&
    textOf(attributes, ['gen_ai.request.model', 'gen_ai.response.model']) !== undefined;
  return named ? 'call' : 'other';
}
