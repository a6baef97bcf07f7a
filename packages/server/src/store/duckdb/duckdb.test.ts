import { describeStore } from '../conformance.js';
import { openDuckDbStore } from './index.js';

describeStore('duckdb', (directory) => openDuckDbStore({ directory, memoryLimit: '512MB' }));
