export {
  buildAudit,
  type AuditReport,
  type AuditRequest,
  type AuditRow,
  type SourceAudit,
} from './audit-report.js';
export { largestLever, type Lever } from './largest-lever.js';
export { PromptSampler } from './prompt-sampler.js';
export { promptTokens } from './prompt-tokens.js';
export { shareInputCost, type InputCost } from './share-input-cost.js';
export { shareTokens } from './share-tokens.js';
