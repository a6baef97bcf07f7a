-- The request of one scenario, sent as fast as answers come back. Setting wrk's fields in init and
-- defining no request() keeps the request static: wrk then never enters Lua while it measures.
-- Usage: wrk ... -s closed-loop.lua URL -- BODY_FILE ["Name: value" ...]

function init(arguments)
  local file = assert(io.open(arguments[1], 'rb'))
  wrk.method = 'POST'
  wrk.body = file:read('*a')
  file:close()
  for i = 2, #arguments do
    local name, value = arguments[i]:match('^([^:]+): (.*)$')
    wrk.headers[name] = value
  end
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    'RESULT {"requests":%d,"duration_us":%d,"bytes":%d,"p50_us":%d,"p99_us":%d,'
      .. '"errors":{"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d}}',
    summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(99),
    errors.connect, errors.read, errors.write, errors.status, errors.timeout))
end
