/**
 * The attributes that are read, by what they mean; current names first, former and other vocabularies'
 * after them. What is not named here (prompts, answers, arguments of tools) is not even decoded.
 *
 * OpenTelemetry GenAI semantic conventions, OpenInference, OpenLLMetry (Traceloop), Langfuse,
 * Vercel AI SDK, LangSmith.
 */
export const names = {
  provider: [
    'gen_ai.provider.name',
    'gen_ai.system',
    'ai.model.provider',
    'llm.provider',
    'llm.system',
  ],
  requestedModel: [
    'gen_ai.request.model',
    'ai.model.id',
    'llm.input_model_name',
    'llm.request.model',
    'embedding.model_name',
    'reranker.model_name',
    'llm.model_name',
    'langfuse.observation.model.name',
    'model',
  ],
  answeredModel: [
    'gen_ai.response.model',
    'ai.response.model',
    'llm.output_model_name',
    'llm.response.model',
    'llm.model_name',
    'langfuse.observation.model.name',
  ],
  responseId: ['gen_ai.response.id', 'ai.response.id', 'llm.response.id'],
  operation: ['gen_ai.operation.name'],
  aiOperation: ['ai.operationId'],
  openInferenceKind: ['openinference.span.kind'],
  traceloopKind: ['traceloop.span.kind'],
  requestType: ['llm.request.type'],
  langfuseType: ['langfuse.observation.type'],
  langsmithKind: ['langsmith.span.kind'],
  stream: ['gen_ai.request.stream', 'gen_ai.is_streaming', 'llm.is_streaming'],
  firstChunkSeconds: ['gen_ai.response.time_to_first_chunk', 'gen_ai.server.time_to_first_token'],
  firstChunkMilliseconds: ['ai.response.msToFirstChunk', 'ai.stream.msToFirstChunk'],
  errorType: ['error.type'],
  httpStatus: ['http.response.status_code', 'http.status_code'],
  langfuseLevel: ['langfuse.observation.level'],
  server: ['server.address'],
  pendingSpan: ['logfire.span_type'],
  /** The ledger's own id of the call, where whoever made the span has booked it as well. */
  entryId: ['farthing.call.id'],
  providerMetadata: ['ai.response.providerMetadata'],
  langfuseUsage: ['langfuse.observation.usage_details'],
  tier: ['openai.response.service_tier', 'gen_ai.openai.response.service_tier'],
  reportedCost: ['gen_ai.usage.cost.amount', 'gen_ai.usage.cost', 'llm.cost.total'],
  costCurrency: ['gen_ai.usage.cost.currency'],
  agentName: ['gen_ai.agent.name', 'agent.name'],
  toolName: ['gen_ai.tool.name', 'ai.toolCall.name', 'tool.name'],
  entityName: ['traceloop.entity.name'],
  workflowName: ['gen_ai.workflow.name', 'traceloop.workflow.name'],
} as const satisfies Record<string, readonly string[]>;

/** Conventional attributes that say who and what a call was for; of several, the last one wins. */
export const tagAttributes: readonly (readonly [attribute: string, tag: string])[] = [
  ['service.name', 'service'],
  ['service.version', 'service.version'],
  ['deployment.environment', 'environment'],
  ['deployment.environment.name', 'environment'],
  ['langfuse.environment', 'environment'],
  ['traceloop.workflow.name', 'feature'],
  ['gen_ai.workflow.name', 'feature'],
  ['langfuse.trace.name', 'feature'],
  ['ai.telemetry.functionId', 'feature'],
  ['llm.user', 'user'],
  ['enduser.pseudo.id', 'user'],
  ['enduser.id', 'user'],
  ['user.id', 'user'],
  ['langfuse.user.id', 'user'],
  ['langsmith.trace.session_id', 'session'],
  ['gen_ai.conversation.id', 'session'],
  ['session.id', 'session'],
  ['langfuse.session.id', 'session'],
  ['tenant.id', 'tenant'],
  ['gen_ai.agent.name', 'agent'],
  ['agent.name', 'agent'],
  ['http.route', 'route'],
  ['gen_ai.prompt.version', 'template_version'],
  ['traceloop.prompt.version', 'template_version'],
  ['llm.prompt_template.version', 'template_version'],
  ['langfuse.observation.prompt.version', 'template_version'],
];

/** Families of attributes whose rest of the name is a tag of the application's own choosing. */
export const tagPrefixes = [
  'ai.telemetry.metadata.',
  'traceloop.association.properties.',
  'langsmith.metadata.',
  'langfuse.trace.metadata.',
  'baggage.farthing.',
  'farthing.',
] as const;

/** OpenInference keeps an application's metadata as one JSON text. */
export const metadataAttribute = 'metadata';

const usagePrefixes = ['gen_ai.usage.', 'llm.token_count.', 'llm.usage.', 'ai.usage.'] as const;

const exact: ReadonlySet<string> = new Set([
  ...Object.values(names).flat(),
  ...tagAttributes.map(([attribute]) => attribute),
  metadataAttribute,
  'graph.node.id',
]);

/**
 * Whether an attribute is read. Decoders ask this before they look at a value, so that the text of
 * prompts and answers is never taken into memory as text, let alone stored.
 */
export function isReadAttribute(name: string): boolean {
  if (exact.has(name)) return true;
  return (
    usagePrefixes.some((prefix) => name.startsWith(prefix)) ||
    tagPrefixes.some((prefix) => name.startsWith(prefix))
  );
}

export function isUsageAttribute(name: string): boolean {
  return usagePrefixes.some((prefix) => name.startsWith(prefix));
}
