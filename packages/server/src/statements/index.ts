export { statementFiles, type StatementFile } from './statement-files.js';
