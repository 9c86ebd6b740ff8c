-- Notes a read in a document that another program wrote, if it still is what was read.
-- KEYS: object
-- ARGV: what was read, what it is to be, its time to live in ms or '' to leave it
if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
if ARGV[3] ~= '' then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
else
  redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
end
return 1
