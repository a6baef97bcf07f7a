export { DriftLog, type DriftLogOptions } from './drift-log.js';
