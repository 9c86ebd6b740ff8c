-- Takes a lock that is free, or prolongs one's own; its fence grows with each time.
-- KEYS: lock, fence
-- ARGV: holder, duration in ms, the caller's time in ms, how long the fence is kept in ms
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return false
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
local fence = (tonumber(redis.call('GET', KEYS[2]) or '0') or 0) + 1
local now = tonumber(ARGV[3])
if now > fence then
  fence = now
end
local text = string.format('%.0f', fence)
redis.call('SET', KEYS[2], text, 'PX', ARGV[4])
return text
