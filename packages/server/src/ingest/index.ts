export { importFile, type ImportFileRequest } from './import-file.js';
export type { ImportPorts } from './ports.js';
export { presetNames } from './presets/index.js';
