-- Gives a lock back; another's stays.
-- KEYS: lock
-- ARGV: holder
local holder = redis.call('GET', KEYS[1])
if not holder then
  return 1
end
if holder == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
