//! One checked request: what is asked, by whom, where and when.

use crate::emulator::names::*;

use super::options::Options;
use super::params::Params;
use super::state::store::Head;

/// The user behind an access key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: String,
    /// Whether this is the owner of the account, who may do everything.
    pub is_root: bool,
    /// The projects a member works in; empty for the owner, who sees all.
    pub projects: Vec<String>,
}

/// What a handler gets.
pub struct Call<'a> {
    pub action: &'a str,
    pub params: &'a Params<'a>,
    pub user: &'a User,
    /// The account's owner.
    pub root: &'a str,
    /// Empty where the action has no zone.
    pub zone: &'a str,
    pub now_ms: i64,
    pub options: &'a Options,
}

impl Call<'_> {
    /// Whether the caller may know of this resource from this zone.
    pub fn sees(&self, head: &Head) -> bool {
        (head.zone.is_empty() || head.zone == self.zone)
            && (self.user.is_root
                || head.owner == self.user.id
                || self.user.projects.contains(&head.project))
    }
}
