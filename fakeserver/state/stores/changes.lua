local generation, since, due = unpack(ARGV, 5, 7)
if held[1] ~= '' and tonumber(used) <= tonumber(due) then use() end
if held[1] == generation and held[2] == since then return false end
if held[1] ~= generation then since = '0' end
if held[1] ~= '' then
  local changed = redis.call('ZRANGEBYSCORE', versions, '(' .. since, '+inf', 'WITHSCORES')
  for place = 1, #changed, 2 do
    table.insert(held, changed[place])
    table.insert(held, changed[place + 1])
    table.insert(held, redis.call('HGET', rows, changed[place]) or '')
  end
end
return held
