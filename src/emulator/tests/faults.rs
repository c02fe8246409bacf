use super::*;
use crate::emulator::Delivery;

fn desk(rule: &str) -> Desk {
    Desk::with(&format!("{{\"faults\":[{rule}]}}"))
}

/// How many volumes there are after one call to make one under a fault, and the answer.
fn create(rule: &str) -> (Value, Response) {
    let mut desk = desk(rule);
    let response = desk.send("CreateVolumes", &[("size", "10")]);
    let count = desk.ok("DescribeVolumes", &[])["total_count"].clone();
    (count, response)
}

fn on_create(fault: &str) -> String {
    format!("{{\"action\":\"CreateVolumes\",\"fault\":{fault}}}")
}

#[test]
fn a_fault_turns_away_or_hides_what_was_done() {
    for (fault, count, status, delivery) in [
        (
            r#"{"ret_code":5100,"message":"busy"}"#,
            0,
            200,
            Delivery::Whole,
        ),
        (
            r#"{"retCode":5000,"carriedOut":true}"#,
            1,
            200,
            Delivery::Whole,
        ),
        (r#"{"httpStatus":502}"#, 0, 502, Delivery::Whole),
        (
            r#"{"httpStatus":502,"carriedOut":true}"#,
            1,
            502,
            Delivery::Whole,
        ),
        (r#""hang""#, 0, 200, Delivery::Hang),
        (r#""lost""#, 1, 200, Delivery::Lost),
        (r#""cut""#, 1, 200, Delivery::Cut),
        (r#""html""#, 0, 200, Delivery::Whole),
        (r#""quota""#, 0, 200, Delivery::Whole),
        (r#"{"delayMs":70}"#, 1, 200, Delivery::Whole),
    ] {
        let (made, response) = create(&on_create(fault));
        assert_eq!(
            (&made, response.status, response.effect.delivery),
            (&count.into(), status, delivery),
            "{fault}"
        );
    }
    assert!(
        create(&on_create(r#"{"ret_code":5100,"message":"busy"}"#))
            .1
            .body
            .contains(r#""message":"busy","ret_code":5100"#)
    );
    assert!(create(&on_create(r#""quota""#)).1.body.contains("2500"));
    assert!(
        create(&on_create(r#""html""#))
            .1
            .body
            .starts_with("<!DOCTYPE html>")
    );
    assert_eq!(
        create(&on_create(r#"{"delayMs":70}"#)).1.effect.delay_ms,
        70
    );
    let headers = create(&on_create(
        r#"{"httpStatus":429,"headers":{"Retry-After":"3"}}"#,
    ))
    .1
    .headers;
    assert!(
        headers.contains(&("retry-after".into(), "3".into())),
        "{headers:?}"
    );
}

#[test]
fn a_clock_that_is_wrong_refuses_and_shows_itself_in_the_date() {
    let mut desk = desk(r#"{"times":1,"fault":{"skewMs":300000}}"#);
    let response = desk.send("DescribeZones", &[]);
    assert!(response.body.contains("1300"), "{}", response.body);
    assert!(
        response
            .headers
            .contains(&("date".into(), "Tue, 14 Nov 2023 22:18:20 GMT".into())),
        "{:?}",
        response.headers
    );
    desk.ok("DescribeZones", &[]);
}

#[test]
fn a_wrong_signature_is_refused_whatever_fault_there_is() {
    let mut desk = desk(r#"{"fault":{"ret_code":5100}}"#);
    desk.key.1.push('x');
    desk.refused(1200, "DescribeZones", &[]);
}

#[test]
fn a_job_that_fails_leaves_things_as_they_were_and_unmakes_what_was_being_made() {
    let mut desk = Desk::with(
        r#"{"faults":[{"action":"StopInstances","fault":{"job":"failed"}},{"action":"CreateVolumes","times":1,"fault":{"job":"failed"}},{"action":"StartInstances","fault":{"job":"done with failure"}}]}"#,
    );
    let id = desk.instance();
    let job = desk.ok("StopInstances", &[("instances.1", &id)])["job_id"].clone();
    let volume = text(&desk.ok("CreateVolumes", &[("size", "10")])["volumes"][0]);
    desk.pass();
    let status = |desk: &mut Desk, job: &Value| {
        text(
            &desk.ok("DescribeJobs", &[("jobs.1", job.as_str().expect("a job"))])["job_set"][0]["status"],
        )
    };
    assert_eq!(status(&mut desk, &job), "failed");
    let shown = desk.ok("DescribeInstances", &[]);
    assert_eq!(
        (
            &shown["instance_set"][0]["status"],
            &shown["instance_set"][0]["transition_status"]
        ),
        (&"running".into(), &"".into())
    );
    assert_eq!(
        desk.ok("DescribeVolumes", &[("volumes.1", &volume)])["volume_set"][0]["status"],
        "ceased"
    );
    let volume = text(&desk.ok("CreateVolumes", &[("size", "10")])["volumes"][0]);
    desk.pass();
    assert_eq!(
        desk.ok("DescribeVolumes", &[("volumes.1", &volume)])["volume_set"][0]["status"],
        "available"
    );
}

#[test]
fn what_a_job_changes_comes_with_its_success_and_not_at_all_when_it_fails() {
    let mut desk = Desk::with(
        r#"{"faults":[{"action":"ResizeInstances","times":1,"fault":{"job":"failed"}},{"action":"ResetInstances","times":1,"fault":{"job":"failed"}}]}"#,
    );
    let pair = text(&desk.ok("CreateKeyPair", &[("keypair_name", "k")])["keypair_id"]);
    let id = desk.instance();
    desk.ok(
        "AttachKeyPairs",
        &[("keypairs.1", &pair), ("instances.1", &id)],
    );
    desk.pass();
    desk.ok("StopInstances", &[("instances.1", &id)]);
    desk.pass();
    let resize = [
        ("instances.1", id.as_str()),
        ("instance_type", "c2m4"),
        ("os_disk_size", "50"),
    ];
    let reset = [
        resize[0],
        ("login_mode", "passwd"),
        ("login_passwd", "Aa12345678"),
    ];
    let shown = |desk: &mut Desk| {
        let answer = desk.ok("DescribeInstances", &[("verbose", "1")]);
        let instance = &answer["instance_set"][0];
        assert_eq!(instance["status"], "stopped");
        (
            text(&instance["instance_type"]),
            instance["extra"]["os_disk_size"].as_i64(),
            instance["keypair_ids"].as_array().map(Vec::len),
        )
    };
    let calls = [("ResizeInstances", resize), ("ResetInstances", reset)];
    for is_failing in [true, false] {
        for (action, params) in calls {
            let before = shown(&mut desk);
            desk.ok(action, &params);
            assert_eq!(shown(&mut desk), before, "{action} is at work");
            desk.pass();
            assert_eq!(shown(&mut desk) == before, is_failing, "{action} is over");
        }
    }
    assert_eq!(shown(&mut desk), ("c2m4".to_owned(), Some(50), Some(0)));
}

#[test]
fn a_fault_does_not_change_what_things_are_called() {
    let mut faulty = desk(r#"{"action":"DescribeZones","probability":0.5,"fault":"hang"}"#);
    for _ in 0..10 {
        faulty.send("DescribeZones", &[]);
    }
    assert_eq!(faulty.instance(), Desk::new().instance());
}
