/**
 * One round trip of a gateway, as a Lua script: reports what it spent and keeps, and takes leases, for
 * all its accounts at once. Redis runs it alone, so no two gateways can be promised the same money.
 *
 * All keys carry one hash tag, so that they lie in one slot of a Redis Cluster. Amounts are whole
 * nano-USD (or tokens, or calls): Lua counts in doubles, which are exact up to 2^53.
 *
 * KEYS  1 gateways (sorted set: gateway → last seen)   2 this gateway (hash)   3 state (hash)
 *       4… one hash for each account
 * ARGV  1 gateway  2 sequence  3 run id of the server as the gateway knows it  4 patience ms
 *       5 hold | refund  6 prefix of account keys  7 prefix of gateway keys  8 1 = knew this budget before
 *       9… for each account: name, part, first part that counts, limit, spent, kept, want, at least, time to live ms
 *
 * Fields of an account: c:<part> spent by all · k:<part> kept by all · s:<part>:<gateway> its part in c.
 * Fields of a gateway: seq · k|<account>|<part> what it keeps.
 *
 * Answer: [status, now, gateways, 1 = granting, then for each account: granted, remaining, kept by others]
 *   status: ok | stale (an older message than one that came before: nothing was done)
 */
export const exchangeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local gateway, sequence, run = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local patience, expiry = tonumber(ARGV[4]), ARGV[5]
local accounts, gateways = ARGV[6], ARGV[7]
local whole = function(value) return string.format('%.0f', value) end

if sequence <= tonumber(redis.call('HGET', KEYS[2], 'seq') or '0') then return {'stale', whole(now), '1', '0'} end
redis.call('HSET', KEYS[2], 'seq', ARGV[2])
redis.call('PEXPIRE', KEYS[2], 172800000)
redis.call('ZADD', KEYS[1], now, gateway)

-- A server that restarted or took over may lack the newest messages: it grants nothing until every
-- live gateway has had time to state its figures again.
local known = redis.call('HGET', KEYS[3], 'run')
if known ~= run then
  local ready = now
  if known or ARGV[8] == '1' then ready = now + patience end
  redis.call('HSET', KEYS[3], 'run', run, 'ready', whole(ready))
end
local ready = tonumber(redis.call('HGET', KEYS[3], 'ready'))

-- Gateways that were silent for too long: what they kept is spent, or given back.
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - patience, 'LIMIT', 0, 8)) do
  local fields = redis.call('HGETALL', gateways .. dead)
  for index = 1, #fields, 2 do
    local account, part = string.match(fields[index], '^k|(.*)|(%-?%d+)$')
    if account then
      local kept = fields[index + 1]
      redis.call('HINCRBY', accounts .. account, 'k:' .. part, '-' .. kept)
      if expiry == 'hold' then
        redis.call('HINCRBY', accounts .. account, 'c:' .. part, kept)
        redis.call('HINCRBY', accounts .. account, 's:' .. part .. ':' .. dead, kept)
      end
      redis.call('HDEL', gateways .. dead, fields[index])
    end
  end
  redis.call('ZREM', KEYS[1], dead)
end

local granting = now >= ready
local answer = {'ok', whole(now), whole(redis.call('ZCARD', KEYS[1])), granting and '1' or '0'}
for index = 1, #KEYS - 3 do
  local key, base = KEYS[index + 3], 8 + (index - 1) * 9
  local name, part, first = ARGV[base + 1], tonumber(ARGV[base + 2]), tonumber(ARGV[base + 3])
  local limit, spent, kept = tonumber(ARGV[base + 4]), tonumber(ARGV[base + 5]), tonumber(ARGV[base + 6])
  local want, least = tonumber(ARGV[base + 7]), tonumber(ARGV[base + 8])
  local partname = whole(part)
  local own = 's:' .. partname .. ':' .. gateway
  local lease = 'k|' .. name .. '|' .. partname

  local before = tonumber(redis.call('HGET', key, own) or '0')
  if spent ~= before then
    redis.call('HINCRBY', key, 'c:' .. partname, whole(spent - before))
    redis.call('HSET', key, own, whole(spent))
  end
  local keptbefore = tonumber(redis.call('HGET', KEYS[2], lease) or '0')

  local fields = {}
  for number = first, part do
    fields[#fields + 1] = 'c:' .. whole(number)
    fields[#fields + 1] = 'k:' .. whole(number)
  end
  local used, keptbyall = 0, 0
  for place, value in ipairs(redis.call('HMGET', key, unpack(fields))) do
    local amount = tonumber(value or '0') or 0
    used = used + amount
    if place % 2 == 0 then keptbyall = keptbyall + amount end
  end
  used = used - keptbefore + kept
  local others = keptbyall - keptbefore

  local remaining, granted = limit - used, 0
  if want > 0 and remaining > 0 and remaining >= least and granting then
    granted = math.min(want, remaining)
  end
  local keeps = kept + granted
  if keeps ~= keptbefore then
    redis.call('HINCRBY', key, 'k:' .. partname, whole(keeps - keptbefore))
    if keeps == 0 then redis.call('HDEL', KEYS[2], lease) else redis.call('HSET', KEYS[2], lease, whole(keeps)) end
  end
  local life = tonumber(ARGV[base + 9])
  if life > 0 then redis.call('PEXPIRE', key, whole(life)) end
  answer[#answer + 1] = whole(granted)
  answer[#answer + 1] = whole(remaining - granted)
  answer[#answer + 1] = whole(others)
end
return answer
`;
