//! What jobs that are not over hold: it can be neither deleted nor taken a second time.

use crate::emulator::names::*;

use super::State;
use super::jobs::Change;
use crate::emulator::refusal::Refusal;

impl State {
    /// Refuses when a job that is not over is to make a change that `takes` the resource.
    ///
    /// For what no transition shows: a key pair that is being attached is `active` all the while.
    /// `done` completes the sentence, such as `deleted`.
    pub fn check_free(
        &self,
        kind: &str,
        id: &str,
        done: &str,
        takes: impl Fn(&Change) -> bool,
    ) -> Result<(), Refusal> {
        match self.jobs.pending().find(|(_, change)| takes(change)) {
            Some((job, _)) => Err(Refusal::denied(format!(
                "{kind} [{id}] is in use by job [{}], can not be {done}",
                job.id
            ))),
            None => Ok(()),
        }
    }
}
