-- A script is one step of the server and one round trip. "held" is the generation and version of the world that it
-- is about; they are those of an empty one where it has expired. "worlds" tells when each was last used.
local worlds, world, rows, versions = unpack(KEYS)
local name, expired, moment, seconds = unpack(ARGV, 1, 4)
local used = redis.call('ZSCORE', worlds, name)
local held = {false}
if used and tonumber(used) > tonumber(expired) then
  held = redis.call('HMGET', world, 'generation', 'version')
end
if not held[1] then held = {'', '0'} end

local function use()
  redis.call('ZADD', worlds, moment, name)
  if name ~= '' then  -- expires of itself, too, lest it stays where nobody comes any more
    for _, key in ipairs({world, rows, versions}) do redis.call('EXPIRE', key, seconds) end
  end
end
