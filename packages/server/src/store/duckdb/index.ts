export { openDuckDbStore, type DuckDbStoreOptions } from './open-store.js';
