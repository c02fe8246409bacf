//! What a poll shows: go on waiting, done, or gone wrong; and how long until the next.

use alloc::string::String;

/// What becomes of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// `pending`, `working`, or a status nobody knows.
    UnderWay,
    /// `successful`.
    Done,
    /// `failed` or `done with failure`, which is final too.
    Failed,
}

/// What `status` of a job means (API guide, DescribeJobs).
pub fn job_state(status: &str) -> JobState {
    match status {
        "successful" => JobState::Done,
        "failed" | "done with failure" => JobState::Failed,
        _ => JobState::UnderWay,
    }
}

/// A resource, as a poll shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its id, where its list has one.
    pub id: Option<String>,
    /// Its `status`.
    pub status: String,
    /// Whether its `transition_status` says that something is under way.
    pub is_moving: bool,
}

/// What a poll of resources shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many of them are as they should be.
    Waiting {
        /// As they should be.
        done: usize,
        /// All that are asked for.
        total: usize,
    },
    /// All are.
    Done,
    /// This one has come to an end that was not asked for.
    Failed(Seen),
}

/// Compares `seen` with what is `wanted`.
///
/// With `asked` ids all of them must be listed; without, whatever is listed, and something must
/// be: a list is often empty right after a create. `ends` are the statuses that nothing leaves.
pub fn progress(seen: &[Seen], wanted: &[String], asked: &[String], ends: &[&str]) -> Progress {
    let is_asked =
        |item: &&Seen| asked.is_empty() || item.id.as_ref().is_some_and(|id| asked.contains(id));
    let is_wanted = |item: &Seen| wanted.contains(&item.status);
    let relevant = || seen.iter().filter(is_asked);
    let lost = relevant().find(|item| ends.contains(&item.status.as_str()) && !is_wanted(item));
    if let Some(lost) = lost {
        return Progress::Failed(lost.clone());
    }
    let done = relevant()
        .filter(|item| is_wanted(item) && !item.is_moving)
        .count();
    let total = if asked.is_empty() {
        relevant().count()
    } else {
        let is_first = |(place, id): &(usize, &String)| !asked[..*place].contains(id);
        asked.iter().enumerate().filter(is_first).count()
    };
    if total > 0 && done >= total {
        Progress::Done
    } else {
        Progress::Waiting { done, total }
    }
}

/// The pauses of one wait: half as long again each time, with jitter, within bounds in ms.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    interval_ms: f64,
    min_ms: f64,
    max_ms: f64,
}

impl Pace {
    /// From `min_ms` to `max_ms`.
    pub fn new(min_ms: f64, max_ms: f64) -> Pace {
        Pace {
            interval_ms: min_ms,
            min_ms,
            max_ms: max_ms.max(min_ms),
        }
    }

    /// The next pause; `random` from 0 to 1 spreads it over its upper half.
    pub fn next(&mut self, random: f64) -> f64 {
        let pause_ms = self.interval_ms * (0.5 + random / 2.0);
        self.interval_ms = (self.interval_ms * 1.5).min(self.max_ms);
        pause_ms.max(self.min_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn seen(id: &str, status: &str, is_moving: bool) -> Seen {
        Seen {
            id: Some(id.into()),
            status: status.into(),
            is_moving,
        }
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| String::from(*text)).collect()
    }

    const ENDS: [&str; 2] = ["terminated", "ceased"];

    #[test]
    fn final_statuses_end_a_job_and_others_do_not() {
        for (status, state) in [
            ("pending", JobState::UnderWay),
            ("working", JobState::UnderWay),
            ("some new word", JobState::UnderWay),
            ("successful", JobState::Done),
            ("failed", JobState::Failed),
            ("done with failure", JobState::Failed),
        ] {
            assert_eq!(job_state(status), state, "{status}");
        }
    }

    #[test]
    fn all_that_were_asked_for_must_be_listed_and_still() {
        let (wanted, asked) = (texts(&["running"]), texts(&["a", "b"]));
        let check = |seen: &[Seen]| progress(seen, &wanted, &asked, &ENDS);
        assert_eq!(check(&[]), Progress::Waiting { done: 0, total: 2 });
        let half = [seen("a", "running", false)];
        assert_eq!(check(&half), Progress::Waiting { done: 1, total: 2 });
        let moving = [seen("a", "running", false), seen("b", "running", true)];
        assert_eq!(check(&moving), Progress::Waiting { done: 1, total: 2 });
        let all = [seen("a", "running", false), seen("b", "running", false)];
        assert_eq!(check(&all), Progress::Done);
        let twice = texts(&["b", "a", "b"]);
        assert_eq!(progress(&all, &wanted, &twice, &ENDS), Progress::Done);
    }

    #[test]
    fn an_empty_list_keeps_waiting() {
        let wanted = texts(&["running"]);
        let waiting = Progress::Waiting { done: 0, total: 0 };
        assert_eq!(progress(&[], &wanted, &[], &ENDS), waiting);
    }

    #[test]
    fn an_end_that_was_not_asked_for_is_an_error_and_one_that_was_is_not() {
        let gone = seen("a", "ceased", false);
        let found = progress(
            core::slice::from_ref(&gone),
            &texts(&["running"]),
            &[],
            &ENDS,
        );
        assert_eq!(found, Progress::Failed(gone.clone()));
        assert_eq!(
            progress(&[gone], &texts(&["terminated", "ceased"]), &[], &ENDS),
            Progress::Done
        );
    }

    #[test]
    fn what_was_not_asked_for_does_not_matter() {
        let listed = [seen("a", "running", false), seen("x", "ceased", false)];
        let found = progress(&listed, &texts(&["running"]), &texts(&["a"]), &ENDS);
        assert_eq!(found, Progress::Done);
    }

    #[test]
    fn pauses_grow_from_one_bound_to_the_other() {
        let mut pace = Pace::new(1_000.0, 10_000.0);
        let pauses: Vec<f64> = (0..8).map(|_| pace.next(1.0)).collect();
        assert_eq!(pauses[0], 1_000.0);
        assert!(pauses.windows(2).all(|two| two[0] <= two[1]));
        assert_eq!(pauses[7], 10_000.0);
        assert_eq!(Pace::new(1_000.0, 10_000.0).next(0.0), 1_000.0);
    }
}
