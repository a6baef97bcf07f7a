export {
  openRedisAuthority,
  type RedisAuthority,
  type RedisAuthorityOptions,
} from './redis-authority.js';
export type { RedisLink } from './redis-link.js';
