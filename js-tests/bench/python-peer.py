"""Signs batches of requests with the official Python SDK, and measures its own processor time.

A line in: a JSON list of [action, params]. A line out: {"microseconds": of signing them all, "urls": [...]}. What counts
is the way from parameters to the path that is requested, as the SDK's send_request goes it; its clock and its request id
are fixed, so that the result can be compared.
"""

import json
import sys
import time

from qingcloud.conn import auth
from qingcloud.iaas.connection import APIConnection


def main():
    time_stamp, request_id = sys.argv[1:]
    auth.get_ts = lambda: time_stamp
    connection = APIConnection("QYACCESSKEYIDEXAMPLE", "SECRETACCESSKEY", zone="pek3")
    connection._gen_req_id = lambda: request_id
    for line in sys.stdin.buffer:
        urls = []
        requests = json.loads(line)
        start = time.process_time()
        for action, params in requests:
            params["action"] = action
            params["zone"] = "pek3"
            request = connection.build_http_request("GET", "/iaas/", params)
            request.authorize(connection)
            urls.append("https://api.qingcloud.com" + request.path)
        microseconds = (time.process_time() - start) * 1e6
        print(json.dumps({"microseconds": microseconds, "urls": urls}), flush=True)


main()
