/**
 * One round trip of a gateway, as a Lua script: reports what it spent and keeps, and takes leases, for
 * all its accounts at once. Redis runs it alone, so no two gateways can be promised the same money.
 *
 * All keys carry one hash tag, so that they lie in one slot of a Redis Cluster. Amounts are whole
 * nano-USD (or tokens, or calls): Lua counts in doubles, which are exact up to 2^53.
 *
 * KEYS  1 gateways (sorted set: gateway → last seen)   2 this gateway (hash)   3 state (hash)
 *       4… one hash for each account
 * ARGV  1 gateway  2 sequence  3 source: the journal that it writes  4 patience ms  5 hold | refund
 *       6 prefix of account keys  7 prefix of gateway keys
 *       8 memory that the gateway knows of this namespace; empty: none  9 name for a new memory
 *       10… for each account: name, part, parts that count, limit, spent, base (empty: not known yet),
 *           kept, want, at least, time to live ms, number of floors, then source and amount of each
 *
 * Fields of an account, by part of time:
 *   c:<part> spent by all · k:<part> kept by all
 *   s:<part>:<source> stated by its gateway · l:<part>:<source> read in it by others
 *   x:<part>:<source> kept by its gateway when that died · o:<part>:<source> <gateway>|<amount> what
 *   was known of the source beyond what its journal holds · z oldest part that was not removed
 * c is the sum of max(s, l) + x over all sources.
 * Fields of a gateway: seq · source · k|<account>|<part> what it keeps.
 * Fields of the state: memory · run · ready · by:<source> the gateway that writes the source.
 *
 * Answer: [status, now, gateways, 1 = granting, memory, 1 = state all again,
 *          then for each account: granted, remaining, kept by others]
 *   status: ok | stale (an older message than one that came before) | superseded (another gateway
 *   writes the same journal since); unless ok, nothing was done
 */
export const exchangeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local gateway, sequence, source = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local patience, expiry = tonumber(ARGV[4]), ARGV[5]
local accounts, gateways = ARGV[6], ARGV[7]
local whole = function(value) return string.format('%.0f', value) end
local number = function(value) return tonumber(value or '0') or 0 end

local last = redis.call('HGET', KEYS[2], 'seq')
if sequence <= number(last) then return {'stale', whole(now), '1', '0', '', '0'} end

-- Ends the leases of a gateway: what it kept is spent, or free.
local bury = function(dead, how)
  local fields = redis.call('HGETALL', gateways .. dead)
  local journal = dead
  for index = 1, #fields, 2 do
    if fields[index] == 'source' then journal = fields[index + 1] end
  end
  for index = 1, #fields, 2 do
    local account, part = string.match(fields[index], '^k|(.*)|(%-?%d+)$')
    if account then
      local kept = fields[index + 1]
      redis.call('HINCRBY', accounts .. account, 'k:' .. part, '-' .. kept)
      if how == 'hold' then
        redis.call('HINCRBY', accounts .. account, 'c:' .. part, kept)
        redis.call('HINCRBY', accounts .. account, 'x:' .. part .. ':' .. journal, kept)
      end
      redis.call('HDEL', gateways .. dead, fields[index])
    end
  end
  redis.call('ZREM', KEYS[1], dead)
end

-- A journal has one gateway at a time. When a new one writes it, the one before is no more, its open
-- calls stand in the journal, and what else it kept is free.
local writer = redis.call('HGET', KEYS[3], 'by:' .. source)
if writer ~= gateway then
  if last and writer then return {'superseded', whole(now), '1', '0', '', '0'} end
  if writer then bury(writer, 'refund') end
  redis.call('HSET', KEYS[3], 'by:' .. source, gateway)
end

local absent = last and not redis.call('ZSCORE', KEYS[1], gateway)
redis.call('HSET', KEYS[2], 'seq', ARGV[2], 'source', source)
redis.call('PEXPIRE', KEYS[2], 172800000)
redis.call('ZADD', KEYS[1], now, gateway)

-- A server that restarted, took over or was emptied may lack the newest messages: it grants nothing
-- until every live gateway has had time to state its figures again.
local state = redis.call('HMGET', KEYS[3], 'memory', 'run', 'ready')
local memory, ready = state[1], number(state[3])
local server = redis.pcall('INFO', 'server')
local run = type(server) == 'string' and string.match(server, 'run_id:(%w+)') or 'unknown'
local lost = ARGV[8] ~= '' and ARGV[8] ~= memory
if lost or (memory and state[2] ~= run) then ready = now + patience end
if not memory then memory = ARGV[9] end
if lost or state[1] ~= memory or state[2] ~= run then
  redis.call('HSET', KEYS[3], 'memory', memory, 'run', run, 'ready', whole(ready))
end

for _, dead in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - patience, 'LIMIT', 0, 8)) do
  bury(dead, expiry)
end

local granting = now >= ready
local answer = {
  'ok', whole(now), whole(redis.call('ZCARD', KEYS[1])), granting and '1' or '0',
  memory .. '/' .. run, (absent or lost) and '1' or '0'
}
local place = 9
for index = 4, #KEYS do
  local key = KEYS[index]
  local name, part, counted = ARGV[place + 1], tonumber(ARGV[place + 2]), tonumber(ARGV[place + 3])
  local limit, spent, base = tonumber(ARGV[place + 4]), tonumber(ARGV[place + 5]), tonumber(ARGV[place + 6])
  local kept, want, least = tonumber(ARGV[place + 7]), tonumber(ARGV[place + 8]), tonumber(ARGV[place + 9])
  local life, floors = tonumber(ARGV[place + 10]), tonumber(ARGV[place + 11])
  place = place + 11
  local first = part - counted + 1
  local partname = whole(part)
  local change = 0

  if base then
    local figures = redis.call('HMGET', key, 's:' .. partname .. ':' .. source, 'l:' .. partname .. ':' .. source,
      'x:' .. partname .. ':' .. source, 'o:' .. partname .. ':' .. source)
    local stated, floor, buried = number(figures[1]), number(figures[2]), number(figures[3])
    local owner, beyond = string.match(figures[4] or '', '^(.*)|(%d+)$')
    if owner ~= gateway then
      beyond = math.max(0, stated - base)
      redis.call('HSET', key, 'o:' .. partname .. ':' .. source, gateway .. '|' .. whole(beyond))
    end
    local states = spent + number(beyond)
    if states ~= stated then redis.call('HSET', key, 's:' .. partname .. ':' .. source, whole(states)) end
    if buried ~= 0 then redis.call('HDEL', key, 'x:' .. partname .. ':' .. source) end
    change = math.max(states, floor) - math.max(stated, floor) - buried
  end
  for _ = 1, floors do
    local other, amount = ARGV[place + 1], tonumber(ARGV[place + 2])
    place = place + 2
    if other ~= source then
      local figures = redis.call('HMGET', key, 's:' .. partname .. ':' .. other, 'l:' .. partname .. ':' .. other)
      local stated, floor = number(figures[1]), number(figures[2])
      if amount > floor then
        redis.call('HSET', key, 'l:' .. partname .. ':' .. other, whole(amount))
        change = change + math.max(stated, amount) - math.max(stated, floor)
      end
    end
  end
  if change ~= 0 then redis.call('HINCRBY', key, 'c:' .. partname, whole(change)) end

  local lease = 'k|' .. name .. '|' .. partname
  local before = number(redis.call('HGET', KEYS[2], lease))
  local fields = {}
  for one = first, part do
    fields[#fields + 1] = 'c:' .. whole(one)
    fields[#fields + 1] = 'k:' .. whole(one)
  end
  local used, all = 0, 0
  for position, value in ipairs(redis.call('HMGET', key, unpack(fields))) do
    local amount = number(value)
    used = used + amount
    if position % 2 == 0 then all = all + amount end
  end
  used = used - before + kept
  local mine = before
  if counted > 1 then
    local leases = {}
    for one = first, part - 1 do leases[#leases + 1] = 'k|' .. name .. '|' .. whole(one) end
    for _, value in ipairs(redis.call('HMGET', KEYS[2], unpack(leases))) do mine = mine + number(value) end
  end
  local others = all - mine

  local remaining, granted = limit - used, 0
  if want > 0 and remaining > 0 and remaining >= least and granting then
    granted = math.min(want, remaining)
  end
  local keeps = kept + granted
  if keeps ~= before then
    redis.call('HINCRBY', key, 'k:' .. partname, whole(keeps - before))
    if keeps == 0 then redis.call('HDEL', KEYS[2], lease) else redis.call('HSET', KEYS[2], lease, whole(keeps)) end
  end

  -- Parts that nothing counts any more: late settlements reach back one window.
  local kept_from = first - counted
  local oldest = tonumber(redis.call('HGET', key, 'z') or '')
  if not oldest then redis.call('HSET', key, 'z', whole(kept_from))
  elseif kept_from - oldest >= counted then
    for _, field in ipairs(redis.call('HKEYS', key)) do
      local old = tonumber(string.match(field, '^%a:(%-?%d+)') or '')
      if old and old < kept_from then redis.call('HDEL', key, field) end
    end
    redis.call('HSET', key, 'z', whole(kept_from))
  end
  if life > 0 then redis.call('PEXPIRE', key, whole(life)) end
  answer[#answer + 1] = whole(granted)
  answer[#answer + 1] = whole(remaining - granted)
  answer[#answer + 1] = whole(others)
end
return answer
`;
