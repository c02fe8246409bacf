//! What a ret_code with several meanings stands for, by the service's words.
//!
//! 1400 ("access denied") and 2500 ("quota exceeded") each cover several situations. The service
//! has no second code for them, only a sentence; these are words of the sentences that users of its
//! API have reported, of those of the emulator, and of plain English. Other sentences have no reason:
//! a wrong guess would be worse than none.

/// Why the service refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The key may not do this, or the action does not exist for it.
    NotPermitted,
    /// The resource is in a state that does not allow it.
    WrongState,
    /// The resource is still being made, billed or changed: the same call works a little later.
    NotReady,
    /// Something else uses the resource.
    InUse,
    /// Too many calls in too short a time.
    ApiQuota,
    /// As many resources as the account may have.
    ResourceQuota,
    /// Not enough money on the account.
    InsufficientBalance,
    /// The zone has not enough of what was asked for.
    InsufficientCapacity,
}

impl Reason {
    /// Its name in `QingCloudError.reason`.
    pub fn name(self) -> &'static str {
        match self {
            Reason::NotPermitted => "not-permitted",
            Reason::WrongState => "wrong-state",
            Reason::NotReady => "not-ready",
            Reason::InUse => "in-use",
            Reason::ApiQuota => "api-quota",
            Reason::ResourceQuota => "resource-quota",
            Reason::InsufficientBalance => "insufficient-balance",
            Reason::InsufficientCapacity => "insufficient-capacity",
        }
    }
}

/// Words that stand in a message, the most telling ones first: "is not available, please try
/// later" is a matter of waiting, "in use" beats "can not be deleted". What lacks permission is
/// often named behind it: "no permission to see the quota".
const DENIED: &[(&str, Reason)] = &[
    ("have permission", Reason::NotPermitted),
    ("no permission", Reason::NotPermitted),
    ("权限", Reason::NotPermitted),
    ("in no project that lets", Reason::NotPermitted),
    ("does not let user", Reason::NotPermitted),
    ("forbids [", Reason::NotPermitted),
    ("not ready", Reason::NotReady),
    ("not yet ready", Reason::NotReady),
    ("try later", Reason::NotReady),
    ("try again later", Reason::NotReady),
    ("请稍后", Reason::NotReady),
    ("balance", Reason::InsufficientBalance),
    ("余额", Reason::InsufficientBalance),
    ("up to [", Reason::ResourceQuota),
    ("api quota", Reason::ApiQuota),
    ("quota", Reason::ResourceQuota),
    ("配额", Reason::ResourceQuota),
    ("not enough resource", Reason::InsufficientCapacity),
    ("no enough resource", Reason::InsufficientCapacity),
    ("insufficient resource", Reason::InsufficientCapacity),
    ("sold out", Reason::InsufficientCapacity),
    ("in use", Reason::InUse),
    ("being used", Reason::InUse),
    ("used by", Reason::InUse),
    ("depends on", Reason::InUse),
    ("正在使用", Reason::InUse),
    ("is not running", Reason::WrongState),
    ("is not stopped", Reason::WrongState),
    ("is not available", Reason::WrongState),
    ("is not active", Reason::WrongState),
    ("is not associated", Reason::WrongState),
    ("is not attached", Reason::WrongState),
    ("has been", Reason::WrongState),
    ("already", Reason::WrongState),
    ("status", Reason::WrongState),
    ("state", Reason::WrongState),
    ("状态", Reason::WrongState),
    ("access denied", Reason::NotPermitted),
    ("can't handle this request", Reason::NotPermitted),
    ("not allowed", Reason::NotPermitted),
    ("not permitted", Reason::NotPermitted),
    ("belongs to the system", Reason::NotPermitted),
    ("does not belong to user", Reason::NotPermitted),
];

const QUOTA: &[(&str, Reason)] = &[
    ("too frequent", Reason::ApiQuota),
    ("too many requests", Reason::ApiQuota),
    ("频繁", Reason::ApiQuota),
    ("api quota", Reason::ApiQuota),
    ("quota left", Reason::ResourceQuota),
    ("the quota of", Reason::ResourceQuota),
    ("up to [", Reason::ResourceQuota),
];

/// The reason behind a `ret_code` of 1400 or 2500, where its message tells.
pub fn reason(ret_code: i64, message: &str) -> Option<Reason> {
    let known = match ret_code {
        1400 => DENIED,
        2500 => QUOTA,
        _ => return None,
    };
    let message = message.to_ascii_lowercase();
    known
        .iter()
        .find(|(words, _)| holds(&message, words))
        .map(|(_, reason)| *reason)
}

/// Whether `words` stand in `text`. Messages are short: the standard library's search, made for
/// long texts, would take 2 KB of code.
pub fn holds(text: &str, words: &str) -> bool {
    let mut parts = text.as_bytes().windows(words.len().max(1));
    words.is_empty() || parts.any(|part| part == words.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::{Reason, reason};

    /// Messages as they stand in public bug reports, test data and comments of API users.
    const REPORTED: &[(i64, &str, Option<Reason>)] = &[
        (
            1400,
            "PermissionDenied, resource [vol-umyf1cy2] lease info not ready yet, please try later",
            Some(Reason::NotReady),
        ),
        (
            1400,
            "PermissionDenied, resource [ss-u90rxvl1] is [creating], please try later",
            Some(Reason::NotReady),
        ),
        (
            1400,
            "PermissionDenied, snapshot [ss-sdm7psjv] is not available, can not create volume from it",
            Some(Reason::WrongState),
        ),
        (
            1400,
            "PermissionDenied, instance [i-xxxxxxxx] is not running, can not be stopped",
            Some(Reason::WrongState),
        ),
        (
            1400,
            "PermissionDenied, access denied for zone [pek1]",
            Some(Reason::NotPermitted),
        ),
        (
            1400,
            "PermissionDenied, can't handle this request",
            Some(Reason::NotPermitted),
        ),
        (
            1400,
            "PermissionDenied, you can create up to [2] snapshot chain for a resource",
            Some(Reason::ResourceQuota),
        ),
        (
            1400,
            "PermissionDenied, volume can not attach to instance in different zone",
            None,
        ),
        (
            2500,
            "QuotasExceeded, access too frequently, your requests will be rejected for a period of time",
            Some(Reason::ApiQuota),
        ),
        (
            2500,
            "QuotasExceeded, you only have [10 GB] high performance volume size quota left currently",
            Some(Reason::ResourceQuota),
        ),
        (2500, "超过配额", None),
    ];

    /// Messages that nobody has reported, of the emulator and in other words, but that leave no doubt.
    const CLEAR: &[(i64, &str, Reason)] = &[
        (
            1400,
            "PermissionDenied, user [usr-mem] is in no project that lets him call [DescribeInstances]",
            Reason::NotPermitted,
        ),
        (
            1400,
            "PermissionDenied, user [usr-mem] is in no project that lets him call [GetQuotaLeft]",
            Reason::NotPermitted,
        ),
        (
            1400,
            "PermissionDenied, group_role [gr-x] does not let user call [ModifyInstanceStatus]",
            Reason::NotPermitted,
        ),
        (
            1400,
            "PermissionDenied, group_role_rule [grr-x] forbids [GetQuotaLeft]",
            Reason::NotPermitted,
        ),
        (
            1400,
            "PermissionDenied, project [pj-x] does not belong to user [usr-x], can not be deleted",
            Reason::NotPermitted,
        ),
        (
            1400,
            "PermissionDenied, image [centos73x64] belongs to the system, can not be deleted",
            Reason::NotPermitted,
        ),
        (
            1400,
            "PermissionDenied, you do not have permission to access resource",
            Reason::NotPermitted,
        ),
        (
            1400,
            "PermissionDenied, you do not have permission to change the status of resource [i-x]",
            Reason::NotPermitted,
        ),
        (
            1400,
            "Resource is not yet ready, please wait",
            Reason::NotReady,
        ),
        (
            1400,
            "API quota exceeded, you can only call 2000 times per hour",
            Reason::ApiQuota,
        ),
        (
            2500,
            "API quota exceeded, you can only call 2000 times per hour",
            Reason::ApiQuota,
        ),
        (
            2500,
            "QuotasExceeded, you have exceeded the quota of instance",
            Reason::ResourceQuota,
        ),
    ];

    #[test]
    fn reported_messages_have_the_reason_that_their_readers_found() {
        for (ret_code, message, expected) in REPORTED {
            assert_eq!(reason(*ret_code, message), *expected, "{message}");
        }
    }

    #[test]
    fn clear_messages_have_their_reason() {
        for (ret_code, message, expected) in CLEAR {
            assert_eq!(reason(*ret_code, message), Some(*expected), "{message}");
        }
    }

    #[test]
    fn other_codes_and_silence_have_no_reason() {
        assert_eq!(reason(2100, "resource not ready"), None);
        assert_eq!(reason(5100, "please try later"), None);
        assert_eq!(reason(1400, ""), None);
        assert_eq!(reason(1400, "PermissionDenied"), None);
        assert_eq!(reason(2500, "QuotasExceeded"), None);
    }

    #[test]
    fn only_waiting_is_taken_for_waiting() {
        for (words, found) in super::DENIED.iter().chain(super::QUOTA) {
            assert_eq!(
                *found == Reason::NotReady,
                [
                    "not ready",
                    "not yet ready",
                    "try later",
                    "try again later",
                    "请稍后"
                ]
                .contains(words),
                "{words}"
            );
        }
    }

    #[test]
    fn every_reason_has_the_name_that_callers_compare_with() {
        for (reason, name) in [
            (Reason::NotPermitted, "not-permitted"),
            (Reason::WrongState, "wrong-state"),
            (Reason::NotReady, "not-ready"),
            (Reason::InUse, "in-use"),
            (Reason::ApiQuota, "api-quota"),
            (Reason::ResourceQuota, "resource-quota"),
            (Reason::InsufficientBalance, "insufficient-balance"),
            (Reason::InsufficientCapacity, "insufficient-capacity"),
        ] {
            assert_eq!(reason.name(), name);
        }
    }
}
