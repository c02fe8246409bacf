//! Decisions about a call as pure values.
