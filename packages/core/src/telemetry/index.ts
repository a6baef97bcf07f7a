export { isReadAttribute } from './attribute-names.js';
export { CallGraph, graphLimits, type Beaten } from './call-graph.js';
export { readSpan } from './read-span.js';
export { readSpanTags, type ProtectTags } from './read-span-tags.js';
export { compareRecords, type CallRecord, type Sameness } from './same-call.js';
export { spanEntry, type SpanEntryFacts, type SpanSurroundings } from './span-entry.js';
export type { SpanCall, SpanFacts, SpanPathStep, SpanPlace, SpanStep } from './span-facts.js';
export type { Attributes, AttributeValue, Span } from './span.js';
