-- Takes the lease of a node, unless another incarnation holds it.
-- KEYS: node:ID, nodes, epoch, generation
-- ARGV: epoch of the incarnation, lease in ms, info, incarnation, name of the data set if it has none
local holder = redis.call('HGET', KEYS[1], 'epoch')
if holder and holder ~= ARGV[1] then
  return {'held', holder, redis.call('HGET', KEYS[1], 'beat') or '0', redis.call('HGET', KEYS[1], 'info') or ''}
end
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'beat', '1', 'info', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('SADD', KEYS[2], ARGV[4])
redis.call('SET', KEYS[3], ARGV[5], 'NX')
return {'registered', redis.call('GET', KEYS[3]), redis.call('GET', KEYS[4]) or '0'}
