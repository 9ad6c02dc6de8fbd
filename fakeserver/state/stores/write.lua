local step, generation, version, new_generation, most = unpack(ARGV, 5, 9)
local first = 10  -- from here on a name and the JSON of each row
if step == 'commit' and (held[1] ~= generation or held[2] ~= version) then return 'conflict' end
if held[1] == '' and #ARGV >= first then
  for _, other in ipairs(redis.call('ZRANGEBYSCORE', worlds, '-inf', expired)) do
    redis.call('DEL', 'docdouble:world:' .. other, 'docdouble:rows:' .. other, 'docdouble:versions:' .. other)
    redis.call('ZREM', worlds, other)
  end
  if redis.call('ZCARD', worlds) >= tonumber(most) then return 'full' end
end
if held[1] == '' or step == 'replace' then
  redis.call('DEL', world, rows, versions)
  redis.call('ZREM', worlds, name)
  held = {new_generation, '0'}
end
if #ARGV >= first then
  local new_version = held[2] + 1
  for place = first, #ARGV, 2 do
    redis.call('HSET', rows, ARGV[place], ARGV[place + 1])
    redis.call('ZADD', versions, new_version, ARGV[place])
  end
  redis.call('HSET', world, 'generation', held[1], 'version', new_version)
  use()
end
return 'written'
