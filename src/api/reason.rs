//! What a ret_code with several meanings stands for, by the service's words.

/// Why the service refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The resource is not ready yet.
    NotReady,
    /// The hourly quota of calls is used up.
    ApiQuota,
}
impl Reason {
    /// Its name in `QingCloudError.reason`.
    pub fn name(self) -> &'static str {
        match self {
            Reason::NotReady => "not-ready",
            Reason::ApiQuota => "api-quota",
        }
    }
}
/// The reason.
pub fn reason(ret_code: i64, message: &str) -> Option<Reason> {
    (ret_code == 1400 && message.contains("not ready")).then_some(Reason::NotReady)
}
