//! Return codes, zones and statuses.

include!(concat!(env!("OUT_DIR"), "/facts.rs"));

/// A `ret_code`: what it means and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReturnCode {
    /// The number.
    pub code: i64,
    /// A short name for it, ours: `permission_denied`.
    pub name: &'static str,
    /// Why the service answers so.
    pub cause: &'static str,
    /// What to do about it; empty where nothing general can be said.
    pub mend: &'static str,
    /// Whether the same call may succeed a little later.
    pub retryable: bool,
}

/// A zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone {
    /// What is sent as `zone`: `pek3`.
    pub id: &'static str,
    /// The region it belongs to.
    pub region: &'static str,
    /// Whether the documentation still lists it.
    pub current: bool,
}

/// The `status` and `transition_status` of one kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statuses {
    /// `instance`, `eip`, `job`.
    pub resource: &'static str,
    /// The read that shows it.
    pub read: Option<&'static str>,
    /// The list in that read's answer.
    pub list_field: Option<&'static str>,
    /// What tells its items apart.
    pub id_field: Option<&'static str>,
    /// Values of `status`.
    pub status: &'static [&'static str],
    /// Values of `transition_status`, while something changes.
    pub transition_status: &'static [&'static str],
    /// Which change leads where, as far as that is documented.
    pub transitions: &'static [Transition],
    /// Statuses that no resource leaves by itself: deleted, ceased, a job's ends.
    pub end: &'static [&'static str],
}

/// A change of status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The `transition_status` while it lasts.
    pub name: &'static str,
    /// Where it can start; empty where that is not documented.
    pub from: &'static [&'static str],
    /// Where it ends.
    pub to: Option<&'static str>,
}

/// What a `ret_code` means.
pub fn return_code(code: i64) -> Option<ReturnCode> {
    let place = RETURN_CODES
        .binary_search_by_key(&code, |known| known.code)
        .ok()?;
    Some(RETURN_CODES[place])
}

/// All return codes but 0, sorted.
pub fn return_codes() -> &'static [ReturnCode] {
    RETURN_CODES
}

/// The zones, current ones first.
pub fn zones() -> &'static [Zone] {
    ZONES
}

/// The statuses of every kind of resource, sorted by `resource`.
pub fn statuses() -> &'static [Statuses] {
    STATUSES
}

/// The statuses that what `read` lists does not leave by itself.
pub fn end_statuses(read: &str) -> &'static [&'static str] {
    super::look_up(END_STATUSES, read).unwrap_or_default()
}
