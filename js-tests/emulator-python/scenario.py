"""The life of an instance through the official Python SDK. Usage: scenario.py HOST PORT KEY SECRET ZONE"""

import sys

from qingcloud.iaas import APIConnection
from qingcloud.misc.utils import wait_job

host, port, key, secret, zone = sys.argv[1:]


def connect(secret):
    return APIConnection(key, secret, zone, host=host, port=int(port), protocol="http")


connection = connect(secret)


def done(answer):
    assert answer and answer["ret_code"] == 0, answer
    if "job_id" in answer:
        assert wait_job(connection, answer["job_id"]), answer
    return answer


def status(instance):
    answer = done(connection.describe_instances(instances=[instance]))
    assert answer["total_count"] == 1, answer
    return answer["instance_set"][0]["status"]


refused = connect("not the secret").describe_instances()
assert refused["ret_code"] == 1200, refused
print("wrong secret: %s" % refused["message"])

instance = done(
    connection.run_instances(
        image_id="centos7x64d",
        instance_type="c1m1",
        instance_name="a name with blanks & 中文 ~'*()",
        login_mode="passwd",
        login_passwd="Aa12345678+/",
        vxnets=["vxnet-0"],
    )
)["instances"][0]
assert status(instance) == "running"
done(connection.stop_instances(instances=[instance]))
assert status(instance) == "stopped"
again = connection.stop_instances(instances=[instance])
assert again["ret_code"] == 1400, again
done(connection.start_instances(instances=[instance]))
assert status(instance) == "running"

volumes = done(connection.create_volumes(size=10, volume_name="data", count=2))["volumes"]
done(connection.attach_volumes(volumes=volumes, instance=instance))
listed = done(connection.describe_volumes(volumes=volumes, status=["in-use"], verbose=1))
assert listed["total_count"] == 2, listed
done(connection.detach_volumes(volumes=volumes, instance=instance))
done(connection.delete_volumes(volumes=volumes))

group = done(connection.create_security_group("web"))["security_group_id"]
rules = [{"protocol": "tcp", "priority": 1, "action": "accept", "val1": "80", "val2": "80"}]
done(connection.add_security_group_rules(group, rules))
listed = done(connection.describe_security_group_rules(group))
assert listed["security_group_rule_set"][0]["val1"] == "80", listed

# A long list goes by POST, unsorted and with `+` for a space.
posted = connection.send_request("DescribeInstances", {"instances": [instance] + ["i-%08d" % n for n in range(200)], "search_word": "name with"}, verb="POST")
assert posted["ret_code"] == 0 and posted["total_count"] == 1, posted

done(connection.terminate_instances(instances=[instance]))
assert status(instance) == "terminated"
print("done")
