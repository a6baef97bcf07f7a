export type { Coverage } from './covered-days.js';
export { importCalls, type ImportCallsRequest, type ImportProgress } from './import-calls.js';
export { claudeCodeDirectories } from './kinds/claude-code.js';
export { codexDirectories } from './kinds/codex.js';
export type { BooksBeside } from './known-calls.js';
export type { ImportPorts } from './ports.js';
export { presetNames } from './presets/index.js';
export { kindNames, type KindName } from './recognise.js';
