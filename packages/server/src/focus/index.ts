export { focusRows } from './focus-rows.js';
