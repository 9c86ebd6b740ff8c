-- Removes entries that a dead incarnation left in one room, unless its lease is back: -1 then.
-- KEYS: node:ID of the dead, members
-- ARGV: epoch of the dead, then id and entry of each
if redis.call('HGET', KEYS[1], 'epoch') == ARGV[1] then
  return -1
end
local removed = 0
for i = 2, #ARGV, 2 do
  if redis.call('HGET', KEYS[2], ARGV[i]) == ARGV[i + 1] then
    removed = removed + redis.call('HDEL', KEYS[2], ARGV[i])
  end
end
return removed
