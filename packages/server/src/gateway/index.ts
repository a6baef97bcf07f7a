export { interruptedEntries } from './interrupted-entries.js';
export { estimatesOnly } from './estimates-only.js';
export { createGateway, type Gateway, type GatewayOptions } from './gateway.js';
export { PromptAuditor } from './prompt-auditor.js';
export { PromptPrefixer } from './prompt-prefixer.js';
export { openRunWatch } from './open-run-watch.js';
export { resolveProviders, type Provider } from './providers.js';
