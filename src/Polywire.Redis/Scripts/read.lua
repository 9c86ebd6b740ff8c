-- Reads an object and notes the read, without decoding the value: Lua's decoder changes numbers and empty arrays.
-- KEYS: object, lock
-- ARGV: holder, guard (none, free: nobody else may hold the lock, held: the holder has to), now, new expiry or '', its time to live in ms
if ARGV[2] ~= 'none' then
  local holder = redis.call('GET', KEYS[2])
  if (holder and holder ~= ARGV[1]) or (not holder and ARGV[2] == 'held') then
    return {'refused'}
  end
end
local text = redis.pcall('GET', KEYS[1])
if type(text) == 'table' then
  return {'kind'}
end
if not text then
  return {'absent'}
end
local head, expires, created, read = string.match(text, '^(.*),"expireTimestamp":([%-%d%a]+),"createdAt":([%-%d%a]+),"readAt":([%-%d%a]+)}$')
local function known(time)
  return time == 'null' or string.match(time, '^%-?%d+$')
end
if not head or not (known(expires) and known(created) and known(read)) then
  return {'foreign', text}
end
if expires == 'null' or tonumber(expires) >= tonumber(ARGV[3]) then
  local tail = ',"createdAt":' .. created .. ',"readAt":' .. ARGV[3] .. '}'
  if expires ~= 'null' and ARGV[4] ~= '' then
    redis.call('SET', KEYS[1], head .. ',"expireTimestamp":' .. ARGV[4] .. tail, 'PX', ARGV[5])
  else
    redis.call('SET', KEYS[1], head .. ',"expireTimestamp":' .. expires .. tail, 'KEEPTTL')
  end
end
return {'done', head .. '}', expires, created, read}
