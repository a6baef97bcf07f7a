export { openDuckDbStore, type DuckDbStoreOptions } from './open-store.js';
export { writeParquet } from './write-parquet.js';
export { readParquet } from './read-parquet.js';
