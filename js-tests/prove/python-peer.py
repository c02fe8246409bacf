"""Signs requests with the official Python SDK: JSON lines in, JSON lines out.

A line in: method, path, access_key_id, secret, token (or null), sha1, time_stamp, req_id, params, and json (the names
of parameters that an action of the SDK would pass through its own json_dump). A line out: [canonical query,
signature, path that is requested].

Only the clock is replaced, and the digest where HmacSHA1 is asked for: that is the SDK's own fall-back branch.
"""

import json
import sys
from hashlib import sha256

from qingcloud.conn import auth
from qingcloud.iaas.connection import APIConnection
from qingcloud.misc.json_tool import json_dump


def integers(pairs):
    """JSON numbers are doubles to JavaScript, so larger integers come as {"$bigint": digits}."""
    if len(pairs) == 1 and pairs[0][0] == "$bigint":
        return int(pairs[0][1])
    return dict(pairs)


def connection(line):
    auth.sha256 = None if line["sha1"] else sha256
    made = APIConnection(line["access_key_id"], line["secret"], zone=None)
    if line["token"] is not None:
        # What the SDK's _check_token does with an answer of the instance's metadata.
        made.iam_access_key = line["access_key_id"]
        made._token = line["token"]
    calculate = made._auth_handler._calc_signature

    def remember(*arguments):
        made.calculated = calculate(*arguments)
        return made.calculated

    made._auth_handler._calc_signature = remember
    return made


def main():
    connections = {}
    for text in sys.stdin.buffer:
        line = json.loads(text, object_pairs_hook=integers)
        key = (line["access_key_id"], line["secret"], line["token"], line["sha1"])
        if key not in connections:
            if len(connections) > 1000:
                connections.clear()
            connections[key] = connection(line)
        conn = connections[key]
        auth.get_ts = lambda: line["time_stamp"]
        conn._gen_req_id = lambda: line["req_id"]
        for name in line["json"]:
            line["params"][name] = json_dump(line["params"][name])
        request = conn.build_http_request(line["method"], line["path"], line["params"])
        request.authorize(conn)
        query, signature = conn.calculated
        sys.stdout.write(json.dumps([query, signature.decode(), request.path]) + "\n")


main()
