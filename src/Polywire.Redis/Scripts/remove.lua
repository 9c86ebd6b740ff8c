-- Removes an object or a list.
-- KEYS: object, lock
-- ARGV: holder, guard (none, free, held)
if ARGV[2] ~= 'none' then
  local holder = redis.call('GET', KEYS[2])
  if (holder and holder ~= ARGV[1]) or (not holder and ARGV[2] == 'held') then
    return 'refused'
  end
end
if redis.call('UNLINK', KEYS[1]) == 1 then
  return 'done'
end
return 'absent'
