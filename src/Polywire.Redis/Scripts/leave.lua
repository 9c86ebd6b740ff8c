-- Forgets members of one incarnation in one room; entries of others under the same ids stay.
-- KEYS: members, noderooms
-- ARGV: what an entry of the incarnation contains, room, 1 if the incarnation has no member left there, ids
local removed = 0
for i = 4, #ARGV do
  local entry = redis.call('HGET', KEYS[1], ARGV[i])
  if entry and string.find(entry, ARGV[1], 1, true) then
    removed = removed + redis.call('HDEL', KEYS[1], ARGV[i])
  end
end
if ARGV[3] == '1' then
  redis.call('SREM', KEYS[2], ARGV[2])
end
return removed
