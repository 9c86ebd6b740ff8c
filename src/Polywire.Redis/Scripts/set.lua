-- Saves an object, in place of whatever has the key.
-- KEYS: object, lock
-- ARGV: holder, guard (none, free, held), text, time to live in ms or '' for none
if ARGV[2] ~= 'none' then
  local holder = redis.call('GET', KEYS[2])
  if (holder and holder ~= ARGV[1]) or (not holder and ARGV[2] == 'held') then
    return 'refused'
  end
end
if ARGV[4] ~= '' then
  redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
else
  redis.call('SET', KEYS[1], ARGV[3])
end
return 'done'
