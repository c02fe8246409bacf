//! Statuses and transitions: the words the service uses, one byte each.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$extra:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name { $($(#[$extra])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// The word as the service writes it.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }
    };
}

words! {
    /// `status` of any resource.
    Status {
        Pending = "pending",
        Active = "active",
        Available = "available",
        Running = "running",
        Stopped = "stopped",
        Suspended = "suspended",
        Terminated = "terminated",
        InUse = "in-use",
        Associated = "associated",
        Released = "released",
        Poweroffed = "poweroffed",
        Enabled = "enabled",
        Disabled = "disabled",
        Deleted = "deleted",
        Ceased = "ceased",
    }
}

words! {
    /// `transition_status` of any resource.
    Transition {
        None = "",
        Creating = "creating",
        Starting = "starting",
        Stopping = "stopping",
        Restarting = "restarting",
        Resetting = "resetting",
        Terminating = "terminating",
        Attaching = "attaching",
        Detaching = "detaching",
        Associating = "associating",
        Dissociating = "dissociating",
        Releasing = "releasing",
        Deleting = "deleting",
        Updating = "updating",
        PoweringOff = "poweroffing",
        PoweringOn = "poweroning",
        /// At work in a way for which the pages have no word.
        Busy = "busy",
    }
}

impl Status {
    /// Whether the resource is in the recycle bin or beyond.
    pub const fn is_gone(self) -> bool {
        matches!(
            self,
            Status::Terminated | Status::Released | Status::Deleted | Status::Ceased
        )
    }
}

impl Transition {
    /// The word to show: one the pages know, or none.
    pub const fn shown(self) -> &'static str {
        match self {
            Transition::Busy => "",
            other => other.word(),
        }
    }
}
